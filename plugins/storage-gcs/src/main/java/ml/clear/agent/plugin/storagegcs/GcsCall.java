// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * One request, whose failure becomes one of the agent.
 *
 * @param action a verb
 * @param host the address that is asked
 */
record GcsCall(String action, StorageAddress object, GcsAccess access, String host) {

    private static final Set<String> THROTTLED = Set.of("rateLimitExceeded", "userRateLimitExceeded");
    private static final Pattern REFUSAL = Pattern.compile("\"error(?:_description)?\"\\s*:\\s*\"([^\"]*)\"");

    /** The store refuses; the caller may understand why. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;
        private final String reason;
        private final String words;

        Refused(StorageException answer) {
            super(answer);
            status = answer.getCode();
            reason = answer.getReason() == null ? "" : answer.getReason();
            words = String.valueOf(answer.getMessage());
        }

        int status() {
            return status;
        }
    }

    /** Run it, when no refusal is expected. */
    <T> T always(Callable<T> request) throws InterruptedException {
        try {
            return run(request);
        } catch (Refused e) {
            throw failure(e);
        }
    }

    /** Run it. */
    <T> T run(Callable<T> request) throws Refused, InterruptedException {
        try {
            return request.call();
        } catch (AgentException | InterruptedException e) {
            throw e;
        } catch (Exception e) { // what the client throws has no common type
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted: " + action + " '" + object + "'");
            }
            Optional<StorageException> answer = find(e, StorageException.class);
            if (answer.isPresent() && answer.get().getCode() > 0 && notSigned(e).isEmpty()) {
                throw new Refused(answer.get());
            }
            throw unanswered(e);
        }
    }

    private static <E> Optional<E> find(Throwable failure, Class<E> type) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    /** The failure of the request for a token, which precedes that to the store. */
    private static Optional<Retryable> notSigned(Exception e) {
        return find(e, Retryable.class);
    }

    /** What a refusal means for the agent. */
    AgentException failure(Refused refusal) {
        String what = "cannot " + action + " '" + object + "': the store answers "
                + (refusal.status + " " + refusal.reason).strip();
        if (THROTTLED.contains(refusal.reason) || refusal.status == 429) {
            return failure(ErrorCode.THROTTLED, what + ": too many requests", refusal);
        }
        return switch (refusal.status) {
            case 400 ->
                refusal.words.toUpperCase(Locale.ROOT).contains("CRC32C")
                        ? failure(ErrorCode.DAMAGED, what + ": it was damaged on its way", refusal)
                        : failure(ErrorCode.STORAGE_FAILED, what + "; check the address", refusal);
            case 401 -> failure(ErrorCode.CREDENTIALS_REFUSED, what + "; " + checkCredentials(), refusal);
            case 403 ->
                failure(
                        ErrorCode.ACCESS_DENIED,
                        "not allowed to " + action + " '" + object + "' (403); give the account the right, or "
                                + checkCredentials(),
                        refusal);
            case 404 ->
                failure(
                        ErrorCode.NOT_FOUND,
                        refusal.words.contains("bucket does not exist")
                                ? "there is no bucket '" + access.bucket() + "' for '" + object
                                        + "'; create it, or correct the address"
                                : "there is no '" + object + "'; check the address",
                        refusal);
            case 304, 409, 412 ->
                failure(
                        ErrorCode.CONFLICT,
                        "'" + object + "' is not as it was expected, so it is not replaced",
                        refusal);
            default ->
                refusal.status >= 500 || refusal.status == 408
                        ? failure(ErrorCode.SERVER_UNAVAILABLE, what, refusal)
                        : failure(ErrorCode.STORAGE_FAILED, what + "; check the address", refusal);
        };
    }

    private String checkCredentials() {
        return "check credentials_json of the entry for bucket '" + access.bucket()
                + "' in sdk.google.storage.credentials, or sdk.google.storage.credentials_json";
    }

    private AgentException unanswered(Exception e) {
        Optional<SSLException> untrusted = find(e, SSLException.class);
        if (untrusted.isPresent()) {
            return failure(
                    ErrorCode.STORAGE_FAILED,
                    "no trusted connection to '" + host + "': " + root(e).getMessage()
                            + "; name its authority in api.verify_certificate or SSL_CERT_FILE",
                    e);
        }
        Optional<Retryable> notSigned = notSigned(e);
        if (notSigned.isPresent()) {
            return noToken(notSigned.get(), e);
        }
        if (find(e, UnknownHostException.class).isPresent()) {
            return failure(ErrorCode.SERVER_UNAVAILABLE, "the host of '" + host + "' is unknown; check the network", e);
        }
        if (find(e, IOException.class).isPresent()) {
            return failure(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "'" + host + "' cannot be reached: " + root(e).getMessage() + "; check the network",
                    e);
        }
        return failure(ErrorCode.STORAGE_FAILED, "cannot " + action + " '" + object + "': " + e.getMessage(), e);
    }

    private AgentException noToken(Retryable failure, Exception e) {
        String why = find(e, HttpResponseException.class)
                .map(HttpResponseException::getContent)
                .flatMap(GcsCall::lastRefusal)
                .orElseGet(() ->
                        String.valueOf(root(e).getMessage()).lines().findFirst().orElse(""));
        String what = "no token for '" + object + "': " + why + "; ";
        if (failure.isRetryable()) {
            return failure(ErrorCode.SERVER_UNAVAILABLE, what + "try again later", e);
        }
        return failure(
                ErrorCode.CREDENTIALS_REFUSED,
                what
                        + (why.contains("reasonable timeframe")
                                ? "the clock of this machine differs too much from Google's, set it"
                                : checkCredentials()),
                e);
    }

    /** The description, which follows the code. */
    private static Optional<String> lastRefusal(String content) {
        Matcher refusal = REFUSAL.matcher(content);
        return refusal.results().map(each -> each.group(1)).reduce((_, last) -> last);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static AgentException failure(ErrorCode code, String message, Exception cause) {
        return new AgentException(code, message, cause);
    }
}
