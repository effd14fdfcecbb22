// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.util.List;
import java.util.Locale;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The credentials of {@code clearml.conf}: every entry whose host matches, in their order. */
final class ConfiguredCredentials implements VcsCredentialProvider {

    private final CredentialSettings settings;

    ConfiguredCredentials(CredentialSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        if (!repository.isHttp()) {
            return List.of(); // ssh opens with keys, git's own protocol with nothing
        }
        return settings.entries().stream()
                .filter(entry -> matches(entry.host(), repository))
                .map(this::credential)
                .toList();
    }

    private VcsCredential credential(CredentialSettings.Entry entry) {
        return switch (settings.scheme()) {
            case PAIR -> new UserPassword(entry.user(), entry.password());
            case BEARER -> new BearerToken(entry.password());
            case PERSONAL_TOKEN -> new UserPassword("", entry.password());
        };
    }

    /**
     * Whether an entry is for an address. Letter case of the host never counts. As a beginning, the host may be written
     * with or without scheme, and as {@code host:path} too; it ends where an element of the address ends.
     */
    private boolean matches(String host, RepositoryAddress repository) {
        if (host.isEmpty()) {
            return true;
        }
        String wanted = host.toLowerCase(Locale.ROOT).replaceAll("/+$", "");
        if (!settings.matchPrefix()) {
            return wanted.equals(repository.host()) || wanted.equals(repository.host() + ":" + repository.port());
        }
        String port = repository.port() < 0 ? "" : ":" + repository.port();
        String path = repository.path().toLowerCase(Locale.ROOT);
        String rooted = path.startsWith("/") ? path : "/" + path;
        String bare = repository.host() + port + rooted;
        return List.of(bare, repository.scheme() + "://" + bare, repository.host() + ":" + rooted.substring(1)).stream()
                .anyMatch(address -> startsWithElements(address, wanted));
    }

    /** So that {@code github.com} does not match {@code github.com.evil.org}. */
    private static boolean startsWithElements(String address, String beginning) {
        if (!address.startsWith(beginning)) {
            return false;
        }
        if (address.length() == beginning.length() || beginning.endsWith(":")) {
            return true;
        }
        return "/:".indexOf(address.charAt(beginning.length())) >= 0
                || address.substring(beginning.length()).equals(".git");
    }
}
