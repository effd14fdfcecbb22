// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A host as the configuration names it, and the addresses that it stands for. Letter case never counts.
 *
 * @param host a host, or {@code host:port}; empty for every host
 * @param prefix whether the host may be the beginning of an address in any form: {@code host/team}, {@code host:team} or
 *     {@code https://host/team}; it ends where an element of the address ends
 */
@Stability.Incubating(since = "0.1")
public record HostRule(String host, boolean prefix) {

    /** Checks for absence. */
    public HostRule {
        Objects.requireNonNull(host);
    }

    /** Whether it stands for an address. */
    public boolean matches(RepositoryAddress repository) {
        String wanted = host.strip().toLowerCase(Locale.ROOT).replaceAll("/+$", "");
        if (wanted.isEmpty()) {
            return true;
        }
        if (!prefix) {
            return wanted.equals(repository.host()) || wanted.equals(repository.host() + ":" + repository.port());
        }
        String path = repository.path().toLowerCase(Locale.ROOT).replaceAll("^/+", "");
        String plain = repository.host() + "/" + path;
        String withPort = repository.host() + ":" + repository.port() + "/" + path;
        return List.of(
                        plain,
                        withPort,
                        repository.host() + ":" + path,
                        repository.scheme() + "://" + plain,
                        repository.scheme() + "://" + withPort)
                .stream()
                .anyMatch(address -> startsWithElements(address, wanted));
    }

    /** So that {@code github.com} does not match {@code github.com.evil.org}. */
    private static boolean startsWithElements(String address, String beginning) {
        if (!address.startsWith(beginning)) {
            return false;
        }
        return address.length() == beginning.length()
                || beginning.endsWith(":")
                || "/:".indexOf(address.charAt(beginning.length())) >= 0
                || address.substring(beginning.length()).equals(".git");
    }
}
