// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.Locale;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong: address, call, the server's own words and what to do next, and never a secret. */
final class Failures {

    private final ServerConnectionSettings settings;
    private final Session session;

    Failures(ServerConnectionSettings settings, Session session) {
        this.settings = settings;
        this.session = session;
    }

    /** The server refused a call. */
    AgentException refused(ApiRequest request, Envelope answer) {
        if (answer.code() == 401) {
            return exception(
                    ErrorCode.CREDENTIALS_REFUSED,
                    server() + " refuses a token that it has just given, for " + request.endpoint() + words(answer)
                            + "; check the clock of the server",
                    null);
        }
        ErrorCode code = code(answer);
        return exception(
                code, server() + " refuses " + request.endpoint() + words(answer) + advice(code, answer), null);
    }

    /** The server refused the login. */
    AgentException loginRefused(Envelope answer) {
        if (answer.code() != 401) {
            return exception(code(answer), server() + " refuses the login" + words(answer), null);
        }
        String advice = switch (settings.credentials()) {
            case Credentials.KeyPair _ ->
                "check api.credentials.access_key and api.credentials.secret_key (or CLEARML_API_ACCESS_KEY and "
                        + "CLEARML_API_SECRET_KEY), and that they belong to this server";
            case Credentials.ReadyToken _ ->
                "the token in CLEARML_AUTH_TOKEN is not valid or has run out: get another one, or use "
                        + "api.credentials";
        };
        return exception(
                ErrorCode.CREDENTIALS_REFUSED,
                server() + " refuses the credentials" + words(answer) + "; " + advice,
                null);
    }

    /** No answer that can be understood, and no more tries. */
    AgentException unanswered(ApiRequest request, Outcome outcome, int tries) {
        String count = tries == 1 ? "" : " (tried " + tries + " times)";
        return switch (outcome) {
            case Outcome.NotTaken taken ->
                exception(
                        ErrorCode.SERVER_UNAVAILABLE,
                        server() + " cannot be reached for " + request.endpoint() + ": " + taken.reason() + count
                                + (taken.passing() ? "; check api.api_server, and whether the server runs" : ""),
                        taken.cause());
            case Outcome.Unclear unclear ->
                exception(
                        ErrorCode.SERVER_PROTOCOL,
                        server() + " gives no valid answer to " + request.endpoint() + ": " + unclear.reason() + count,
                        unclear.cause());
            case Outcome.Answered(Envelope answer) -> refused(request, answer);
        };
    }

    /** A line for the log while waiting. */
    String waiting(ApiRequest request, Outcome outcome, Duration pause, int tries) {
        String reason = switch (outcome) {
            case Outcome.NotTaken taken -> taken.reason();
            case Outcome.Unclear unclear -> unclear.reason();
            case Outcome.Answered(Envelope answer) -> answer.message();
        };
        return session.masked(String.format(
                Locale.ROOT,
                "%s: %s: %s; trying again in %.1f s (try %d failed)",
                server(),
                request.endpoint(),
                reason,
                pause.toMillis() / 1000.0,
                tries));
    }

    private AgentException exception(ErrorCode code, String message, @Nullable Throwable cause) {
        return new AgentException(code, session.masked(message), cause);
    }

    private String server() {
        return "server '" + settings.apiServer() + "'";
    }

    private static String words(Envelope answer) {
        return " with code " + answer.code() + "/" + answer.subcode() + ": " + answer.message();
    }

    /** Numbers of the real server; see its list of error codes. */
    private static ErrorCode code(Envelope answer) {
        return switch (answer.code()) {
            case 400 ->
                switch (answer.subcode()) {
                    case 10, 75, 101, 130, 131, 201, 301, 401, 701 -> ErrorCode.NOT_FOUND;
                    case 15, 110, 121, 123, 203, 205, 206, 402, 405, 702, 703, 706, 801 -> ErrorCode.CONFLICT;
                    case 12, 16, 407, 409, 800 -> ErrorCode.TASK_INVALID;
                    default -> ErrorCode.SERVER_PROTOCOL;
                };
            case 401 -> ErrorCode.CREDENTIALS_REFUSED;
            case 403 -> answer.subcode() == 21 ? ErrorCode.CONFLICT : ErrorCode.CREDENTIALS_REFUSED;
            default -> ErrorCode.SERVER_PROTOCOL;
        };
    }

    private static String advice(ErrorCode code, Envelope answer) {
        return switch (code) {
            case NOT_FOUND -> "; check the id, and that the credentials belong to the workspace that holds it";
            case CREDENTIALS_REFUSED -> "; the user of these credentials lacks the right to do this";
            case SERVER_PROTOCOL ->
                switch (answer.code()) {
                    case 301, 404, 410 -> "; the server may be too old or too new, version 1.12 or later is needed";
                    case 500 -> "; the reason is in the log of the server";
                    default -> "";
                };
            default -> "";
        };
    }
}
