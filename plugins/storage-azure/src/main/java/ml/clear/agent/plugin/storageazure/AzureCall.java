// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import com.azure.core.exception.HttpResponseException;
import com.azure.storage.blob.models.BlobStorageException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * One request, whose failure becomes one of the agent.
 *
 * @param action a verb
 */
record AzureCall(String action, StorageAddress object, AzureAccess access) {

    private static final Set<String> WRONG_CREDENTIALS =
            Set.of("AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation");
    private static final Set<String> DAMAGED = Set.of("Md5Mismatch", "InvalidMd5", "Crc64Mismatch");

    /** The store refuses; the caller may understand why. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;
        private final String reason;

        Refused(BlobStorageException answer) {
            super(answer);
            status = answer.getStatusCode();
            reason = String.valueOf(answer.getErrorCode());
        }

        int status() {
            return status;
        }

        String reason() {
            return reason;
        }
    }

    /** Run it, when no refusal is expected. */
    <T> T always(Supplier<T> request) throws InterruptedException {
        try {
            return run(request);
        } catch (Refused e) {
            throw failure(e);
        }
    }

    /** Run it. */
    <T> T run(Supplier<T> request) throws Refused, InterruptedException {
        try {
            return request.get();
        } catch (BlobStorageException e) {
            throw new Refused(e);
        } catch (AgentException e) {
            throw e;
        } catch (RuntimeException e) { // the client has no type of its own for a connection that fails
            if (Thread.interrupted() || isInterruption(e)) {
                throw new InterruptedException("interrupted: " + action + " '" + object + "'");
            }
            throw unanswered(e);
        }
    }

    static boolean isInterruption(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /** What a refusal means for the agent. */
    AgentException failure(Refused refusal) {
        String what = "cannot " + action + " '" + object + "': the store answers " + refusal.status() + " "
                + refusal.reason();
        if (DAMAGED.contains(refusal.reason())) {
            return failure(ErrorCode.DAMAGED, what + ": it was damaged on its way", refusal);
        }
        if (refusal.status() == 401 || WRONG_CREDENTIALS.contains(refusal.reason())) {
            boolean late = String.valueOf(refusal.getMessage()).contains("Request date header too old");
            return failure(
                    ErrorCode.CREDENTIALS_REFUSED,
                    what + (late ? "; set the clock of this machine" : "; " + checkCredentials()),
                    refusal);
        }
        return switch (refusal.status()) {
            case 403 ->
                failure(
                        ErrorCode.ACCESS_DENIED,
                        "not allowed to " + action + " '" + object + "' (403 " + refusal.reason() + "); "
                                + (access.isAnonymous()
                                        ? "no credentials are configured: " + checkCredentials()
                                        : checkCredentials() + ", and what they allow"),
                        refusal);
            case 404 ->
                failure(
                        ErrorCode.NOT_FOUND,
                        refusal.reason().equals("ContainerNotFound")
                                ? "there is no container '" + access.container() + "' for '" + object
                                        + "'; create it, or correct the address"
                                : "there is no '" + object + "'; check the address",
                        refusal);
            case 409, 412 ->
                failure(
                        ErrorCode.CONFLICT,
                        "'" + object + "' is not as it was expected, so it is not replaced",
                        refusal);
            case 429, 503 -> failure(ErrorCode.THROTTLED, what + ": too many requests", refusal);
            default ->
                refusal.status() >= 500
                        ? failure(ErrorCode.SERVER_UNAVAILABLE, what, refusal)
                        : failure(ErrorCode.STORAGE_FAILED, what + "; check the address", refusal);
        };
    }

    private String checkCredentials() {
        return "check account_key or sas_token of the entry for account '" + access.account()
                + "' in sdk.azure.storage.containers";
    }

    private AgentException unanswered(RuntimeException e) {
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof SSLException) {
                return failure(
                        ErrorCode.STORAGE_FAILED,
                        "no trusted connection to '" + access.endpoint() + "': " + cause.getMessage()
                                + "; name its authority in api.verify_certificate or SSL_CERT_FILE",
                        e);
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return failure(
                        ErrorCode.SERVER_UNAVAILABLE,
                        "the host of '" + access.endpoint() + "' is unknown; check the address",
                        e);
            }
        }
        if (e instanceof HttpResponseException || root instanceof IOException) {
            return failure(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "'" + access.endpoint() + "' cannot be reached: " + root.getMessage()
                            + "; check the address and the network",
                    e);
        }
        return failure(ErrorCode.STORAGE_FAILED, "cannot " + action + " '" + object + "': " + e.getMessage(), e);
    }

    private static AgentException failure(ErrorCode code, String message, Exception cause) {
        return new AgentException(code, message, cause);
    }
}
