// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/** Explains why a checkout failed and what to do next, without any password. */
final class CheckoutFailure {

    private CheckoutFailure() {}

    static AgentException explain(
            Exception failure, RepositoryAddress address, Revision revision, CredentialChain credentials) {
        if (failure instanceof AgentException known) {
            return known;
        }
        String what = "cannot check out " + RevisionLookup.words(revision) + " of '" + address + "': ";
        if (failure instanceof GitFailure ofGit && !isDiskFull(ofGit)) {
            return new AgentException(
                    ErrorCode.CHECKOUT_FAILED, what + new Words(ofGit, address, credentials).explanation(), failure);
        }
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "the checkout of '" + address + "' cannot be written: " + reason(failure)
                        + "; check space and permissions",
                failure);
    }

    /** The message of the failure, or its kind when it has no message. */
    static String reason(Throwable failure) {
        String words = failure.getMessage();
        if (words == null || words.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return failure instanceof AccessDeniedException ? "permission denied for '" + words + "'" : words.strip();
    }

    private static boolean isDiskFull(IOException failure) {
        String words = reason(failure);
        return words.contains("No space left on device") || words.contains("Disk quota exceeded");
    }

    /**
     * The meaning of git's message for one address. The first match is used: git's last line may be only a
     * consequence.
     */
    private record Words(GitFailure failure, RepositoryAddress address, CredentialChain credentials) {

        String explanation() {
            String host = "host '" + address.host() + "'";
            if (has("remote host identification has changed")) {
                return "the key of " + host + " is not the one in ~/.ssh/known_hosts; ask its administrator whether it"
                        + " was replaced, and remove the old one with ssh-keygen -R";
            }
            if (has("host key verification failed")) {
                return "the key of " + host + " is not known; add it to ~/.ssh/known_hosts, for instance with"
                        + " ssh-keyscan";
            }
            if (has("cannot run ssh", "ssh: not found", "ssh: command not found")) {
                return "program 'ssh' is missing; install openssh-client";
            }
            if (has("could not resolve host", "name or service not known", "temporary failure in name resolution")) {
                return host + " is unknown; check the address, and the proxy if there is one";
            }
            if (has(
                    "ssl certificate",
                    "certificate verif",
                    "certificate has expired",
                    "gnutls",
                    "ssl_",
                    "ssl:",
                    "tls")) {
                return "no trusted connection to '" + address.host() + "' (" + failure.getMessage()
                        + "); name the file of its certificate authority in SSL_CERT_FILE, api.verify_certificate or"
                        + " git's http.sslCAInfo";
            }
            if (has("operation too slow", "operation timed out", "connection timed out", "timed out after")) {
                return host + " did not answer in time; try again, and check the proxy if there is one";
            }
            if (has("connection refused", "failed to connect", "couldn't connect", "no route to host", "unreachable")) {
                return host + " does not answer; check the address, the port and the proxy";
            }
            if (Transfer.isLost(failure)) {
                return "the connection to " + host + " was lost halfway, three times (" + failure.getMessage()
                        + "); try again";
            }
            return ofAccess();
        }

        private String ofAccess() {
            if (address.isSsh() && has("permission denied (")) {
                return "host '" + address.host() + "' accepts no key of this user (" + asked() + "); load one into"
                        + " ssh-agent, or set agent.git_user and agent.git_pass";
            }
            if (has("error: 301", "error: 302", "error: 307", "error: 308")) {
                return "the host redirects, and a token is not sent elsewhere; give the address that it redirects to";
            }
            if (has("not found", "does not exist", "does not appear to be a git repository", "not a git repository")) {
                if (address.scheme().equals("file")) {
                    return "this machine has no such repository; check the address (code that 'run' keeps on this"
                            + " machine is evicted after agent.run.code_max_age_days)";
                }
                return "there is no such repository, or it is hidden from this user (" + asked()
                        + "); check the address, and agent.git_user and agent.git_pass";
            }
            if (GitAccess.isRefusal(failure)) {
                return "the host refuses access (" + asked() + "); set agent.git_user and agent.git_pass (a token in"
                        + " place of the password) for '" + address.host()
                        + "', and check that they may read the repository";
            }
            return String.valueOf(failure.getMessage());
        }

        private String asked() {
            return address.isHttp() || address.isSsh() ? credentials.account(address) : "a folder of this machine";
        }

        private boolean has(String... phrases) {
            String words = failure.lowerCase();
            return List.of(phrases).stream().anyMatch(words::contains);
        }
    }
}
