// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The user and password in the address of a task's repository, for its scheme, host and port and no other. */
final class AddressCredential implements VcsCredentialProvider {

    private static final String NAME = "the task's address";
    private static final Pattern USER_INFO =
            Pattern.compile("(?:git\\+)?https?://([^/@:]*):([^/]+)@.*", Pattern.CASE_INSENSITIVE);

    private final RepositoryAddress address;
    private final VcsCredential credential;

    private AddressCredential(RepositoryAddress address, VcsCredential credential) {
        this.address = address;
        this.credential = credential;
    }

    /** The chain, with what the text of the address holds in front. */
    static CredentialChain before(CredentialChain chain, RepositoryAddress address, String text) {
        return in(address, text)
                .map(found -> chain.startingWith(new CredentialChain.Source(NAME, found)))
                .orElse(chain);
    }

    private static Optional<AddressCredential> in(RepositoryAddress address, String text) {
        Matcher info = USER_INFO.matcher(text.strip());
        return info.matches()
                ? Optional.of(new AddressCredential(
                        address, new UserPassword(decoded(info.group(1)), Secret.of(decoded(info.group(2))))))
                : Optional.empty();
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        boolean same = repository.scheme().equals(address.scheme())
                && repository.host().equals(address.host())
                && repository.port() == address.port();
        return same ? List.of(credential) : List.of();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a password that happens to hold a percent sign
        }
    }
}
