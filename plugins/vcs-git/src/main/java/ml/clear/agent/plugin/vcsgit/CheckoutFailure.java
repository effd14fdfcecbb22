// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** Says why a checkout failed and what to do next, without any password. */
final class CheckoutFailure {

    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");

    private CheckoutFailure() {}

    static AgentException explain(Exception failure, RepositoryAddress address, Revision revision) {
        if (failure instanceof AgentException known) {
            return known;
        }
        if (failure instanceof IOException
                && find(failure, FileSystemException.class).isPresent()
                && find(failure, org.eclipse.jgit.errors.TransportException.class)
                        .isEmpty()) {
            return new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the checkout of '" + address + "' cannot be written: " + reason(failure)
                            + "; check space and permissions",
                    failure);
        }
        return new AgentException(
                ErrorCode.CHECKOUT_FAILED,
                "cannot check out " + RevisionLookup.words(revision) + " of '" + address + "': "
                        + because(failure, address),
                failure);
    }

    /** The words of the failure, or its kind when it has none. */
    static String reason(Throwable failure) {
        String words = failure.getMessage();
        if (words == null || words.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied for '" + words + "'";
        }
        return USER_INFO.matcher(words.strip()).replaceAll("");
    }

    private static String because(Exception failure, RepositoryAddress address) {
        Optional<UnknownHostException> unknown = find(failure, UnknownHostException.class);
        if (unknown.isPresent()) {
            return "host '" + address.host() + "' is unknown; check the address, and the proxy if there is one";
        }
        Optional<SSLException> tls = find(failure, SSLException.class);
        if (tls.isPresent()) {
            return "no trusted connection to '" + address.host() + "' (" + reason(tls.get())
                    + "); name the file of its certificate authority in SSL_CERT_FILE or api.verify_certificate";
        }
        if (find(failure, ConnectException.class).isPresent()
                || find(failure, NoRouteToHostException.class).isPresent()) {
            return "host '" + address.host() + "' does not answer; check the address, the port and the proxy";
        }
        if (find(failure, SocketTimeoutException.class).isPresent()) {
            return "host '" + address.host() + "' did not answer in time; try again";
        }
        return fromWords(failure, address);
    }

    private static String fromWords(Exception failure, RepositoryAddress address) {
        String words = allWords(failure);
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("host key verification failed")) {
            return "the key of host '" + address.host() + "' is not known; add it to ~/.ssh/known_hosts, for instance"
                    + " with ssh-keyscan";
        }
        if (lower.contains("could not resolve hostname")) {
            return "host '" + address.host() + "' is unknown; check the address";
        }
        if (lower.contains("connection refused") || lower.contains("connection timed out")) {
            return "host '" + address.host() + "' does not answer; check the address and the port";
        }
        if (address.isSsh() && lower.contains("permission denied")) {
            return "host '" + address.host() + "' accepts no key of this user; load one into ssh-agent, or set"
                    + " agent.git_user and agent.git_pass";
        }
        if (lower.contains("not authorized")
                || lower.contains("not permitted")
                || lower.contains("authentication is required")
                || lower.contains("authentication not supported")
                || lower.contains("403")) {
            return "the host refuses access; set agent.git_user and agent.git_pass (a token in place of the password)"
                    + " for '" + address.host() + "', and check that they may read the repository";
        }
        if (find(failure, NoRemoteRepositoryException.class).isPresent()
                || find(failure, org.eclipse.jgit.errors.RepositoryNotFoundException.class)
                        .isPresent()
                || lower.contains("not found")
                || lower.contains("does not appear to be a git repository")) {
            return "there is no such repository, or it is hidden from this user; check the address, and agent.git_user"
                    + " and agent.git_pass";
        }
        return reason(failure);
    }

    private static String allWords(Throwable failure) {
        StringBuilder words = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            words.append(cause.getMessage()).append('\n');
        }
        return words.toString();
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
        }
        return Optional.empty();
    }
}
