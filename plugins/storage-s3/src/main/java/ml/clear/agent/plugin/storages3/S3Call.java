// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One request, whose failure becomes one of the agent.
 *
 * @param action a verb
 */
record S3Call(String action, StorageAddress object, S3Access access) {

    private static final Set<String> WRONG_CREDENTIALS = Set.of(
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "AuthorizationHeaderMalformed",
            "XMinioInvalidAccessKeyId");
    private static final Set<String> WRONG_TIME = Set.of("RequestTimeTooSkewed", "RequestExpired");
    private static final Set<String> DAMAGED =
            Set.of("BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "IncompleteBody");
    private static final Set<String> THROTTLED =
            Set.of("SlowDown", "SlowDownRead", "SlowDownWrite", "Throttling", "ThrottlingException", "TooManyRequests");

    /** The store refuses; the caller may understand why. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        private final transient S3Exception answer;

        Refused(S3Exception answer) {
            super(answer);
            this.answer = answer;
        }

        int status() {
            return answer.statusCode();
        }

        String reason() {
            String code = answer.awsErrorDetails() == null
                    ? ""
                    : answer.awsErrorDetails().errorCode();
            return code == null ? "" : code;
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
        } catch (S3Exception e) {
            throw new Refused(e);
        } catch (SdkClientException | UncheckedIOException e) {
            if (e instanceof AbortedException || Thread.interrupted()) {
                throw new InterruptedException("interrupted: " + action + " '" + object + "'");
            }
            throw unanswered(e);
        }
    }

    /** What a refusal means for the agent. */
    AgentException failure(Refused refusal) {
        String reason = refusal.reason();
        int status = refusal.status();
        String words = status + (reason.isEmpty() ? "" : " " + reason);
        String what = "cannot " + action + " '" + object + "': the store answers " + words;
        if (WRONG_TIME.contains(reason)) {
            return failure(
                    ErrorCode.CREDENTIALS_REFUSED,
                    what + "; the clock of this machine differs too much from that of the store, set it",
                    refusal);
        }
        if (WRONG_CREDENTIALS.contains(reason) || status == 401) {
            return failure(ErrorCode.CREDENTIALS_REFUSED, what + "; " + checkCredentials(), refusal);
        }
        if (DAMAGED.contains(reason)) {
            return failure(ErrorCode.DAMAGED, what + ": it was damaged on its way", refusal);
        }
        if (THROTTLED.contains(reason) || status == 429 || status == 503) {
            return failure(ErrorCode.THROTTLED, what + ": too many requests", refusal);
        }
        return byStatus(status, what, refusal);
    }

    private AgentException byStatus(int status, String what, Refused refusal) {
        return switch (status) {
            case 403 ->
                failure(
                        ErrorCode.ACCESS_DENIED,
                        "not allowed to " + action + " '" + object + "' (403 AccessDenied); "
                                + (access.isAnonymous()
                                        ? "no credentials are configured: " + checkCredentials()
                                        : "the key is known, its owner must be given the right"),
                        refusal);
            case 404 ->
                failure(
                        ErrorCode.NOT_FOUND,
                        refusal.reason().equals("NoSuchBucket")
                                ? "there is no bucket '" + access.place().bucket() + "' for '" + object
                                        + "'; create it, or correct the address"
                                : "there is no '" + object + "'; check the address",
                        refusal);
            case 409, 412 ->
                failure(
                        ErrorCode.CONFLICT,
                        "'" + object + "' is not as it was expected, so it is not replaced",
                        refusal);
            default ->
                status >= 500
                        ? failure(ErrorCode.SERVER_UNAVAILABLE, what, refusal)
                        : failure(
                                ErrorCode.STORAGE_FAILED,
                                what + ": " + refusal.getMessage() + "; check the address and sdk.aws.s3.region",
                                refusal);
        };
    }

    private String checkCredentials() {
        String entry = "an entry of sdk.aws.s3.credentials for "
                + (access.place().host().isEmpty()
                        ? "bucket '" + access.place().bucket() + "'"
                        : "host '" + access.place().host() + "'");
        return "check sdk.aws.s3.key and sdk.aws.s3.secret, or " + entry;
    }

    private AgentException unanswered(RuntimeException e) {
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof SSLException) {
                return failure(
                        ErrorCode.STORAGE_FAILED,
                        "no trusted connection to '" + server() + "': " + rootMessage(cause)
                                + "; name its authority in 'verify' of its entry in sdk.aws.s3.credentials, or set"
                                + " 'secure' to false if it has no TLS",
                        e);
            }
            if (cause instanceof UnknownHostException) {
                return failure(
                        ErrorCode.SERVER_UNAVAILABLE, "host '" + server() + "' is unknown; check the address", e);
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unable to load credentials") || message.contains("Profile file contained no")) {
            return failure(
                    ErrorCode.CREDENTIALS_REFUSED,
                    "no credentials for '" + object + "' are found by the chain of AWS; " + checkCredentials(),
                    e);
        }
        if (message.contains("checksum")) {
            return failure(ErrorCode.DAMAGED, "'" + object + "' was damaged on its way: " + message, e);
        }
        String reason = root instanceof IOException ? String.valueOf(root.getMessage()) : message;
        return failure(
                ErrorCode.SERVER_UNAVAILABLE,
                "'" + server() + "' cannot be reached: " + reason + "; check the address and the network",
                e);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private String server() {
        return access.place().host().isEmpty()
                ? "s3.amazonaws.com"
                : access.place().host();
    }

    private static AgentException failure(ErrorCode code, String message, Exception cause) {
        return new AgentException(code, message, cause);
    }
}
