// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * Git configuration with the secret for one host. git reads it from an inherited file descriptor, see
 * {@link GitProgram}, and so does the credential helper that it names: the answer of the helper is in comments of the
 * same file. No part of it is ever in an argument, a variable or a named file.
 *
 * <p>Helper and header are bound to scheme, host and port, so that git offers them neither to the target of a redirect
 * nor to a storage on another host.
 */
record SecretConfiguration(Secret text) {

    static final SecretConfiguration NONE = new SecretConfiguration(Secret.of(""));

    /** Where a program finds the file; see {@link GitProgram}. */
    static final String PLACE = "/proc/self/fd/3";

    private static final String ANSWER = "# answer ";
    private static final String HELPER =
            "!f() { test \"$1\" = get && sed -n 's/^" + ANSWER + "//p' " + PLACE + "; }; f";

    static SecretConfiguration of(VcsCredential credential, RepositoryAddress address) {
        if (!address.isHttp()) {
            return NONE;
        }
        return switch (credential) {
            case UserPassword pair -> new SecretConfiguration(Secret.of(forPair(pair, place(address))));
            case BearerToken bearer -> new SecretConfiguration(Secret.of(forToken(bearer, place(address))));
            case SshKey _ -> NONE;
        };
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    private static String place(RepositoryAddress address) {
        return address.scheme() + "://" + address.host() + (address.port() < 0 ? "" : ":" + address.port());
    }

    /** The empty helper disables the user's helpers for this host, so that credentials of the chain are tried first. */
    private static String forPair(UserPassword pair, String place) {
        return "[credential " + quoted(place) + "]\n\thelper =\n\thelper = " + quoted(HELPER) + "\n"
                + ANSWER + "username=" + oneLine(pair.user()) + "\n"
                + ANSWER + "password=" + oneLine(pair.password().reveal()) + "\n";
    }

    /** git sends the header to the target of a redirect, too, so redirects are disabled for tokens. */
    private static String forToken(BearerToken bearer, String place) {
        String header = "Authorization: Bearer " + oneLine(bearer.token().reveal());
        return "[http " + quoted(place + "/") + "]\n\textraHeader = " + quoted(header)
                + "\n\tfollowRedirects = false\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** git's credential protocol cannot express a line end, so such a password cannot be used. */
    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
