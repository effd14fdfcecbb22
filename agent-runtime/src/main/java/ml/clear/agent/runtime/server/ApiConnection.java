// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.secret.Secret;

/**
 * Calls the API: logs in, retries what may be retried, and turns failures into {@link AgentException}. Safe for several
 * threads; blocks while the server is unavailable, as long as the retry settings allow.
 */
final class ApiConnection {

    private static final System.Logger LOG = System.getLogger(ApiConnection.class.getName());

    private static final ApiRequest LOGIN =
            ApiRequest.of("auth.login", Json.object().build(), Repetition.FREELY);

    private final HttpChannel channel;
    private final Session session;
    private final RetrySettings retries;
    private final Timing timing;
    private final Failures failures;

    ApiConnection(ServerConnectionSettings settings, HttpChannel channel, Session session, Timing timing) {
        this.channel = channel;
        this.session = session;
        this.retries = settings.retries();
        this.timing = timing;
        this.failures = new Failures(settings, session);
    }

    /**
     * An answer, which may be a refusal.
     *
     * @param repeated whether an earlier try may already have done what was asked
     */
    record Answer(Envelope envelope, boolean repeated) {}

    /** What the server returns for a call that it accepts. */
    Json call(String endpoint, Json document, Repetition repetition) {
        return call(ApiRequest.of(endpoint, document, repetition));
    }

    /** What the server returns for a call that it accepts. */
    Json call(ApiRequest request) {
        return accepted(request, ask(request));
    }

    /** The answer to a call whose refusal the caller understands. */
    Answer ask(ApiRequest request) {
        Backoff backoff = new Backoff(retries, timing.random());
        boolean unclear = false;
        int counted = 0;
        for (int tries = 1; ; tries++) {
            Outcome outcome = attempt(request);
            if (outcome instanceof Outcome.Answered(Envelope envelope)) {
                return new Answer(envelope, unclear);
            }
            boolean endless =
                    outcome instanceof Outcome.NotTaken taken && taken.maintenance() && retries.waitForMaintenance();
            boolean exhausted = !endless && counted++ >= retries.limit();
            if (exhausted || !repeatable(request.repetition(), outcome)) {
                throw failures.unanswered(request, outcome, tries);
            }
            unclear |= outcome instanceof Outcome.Unclear;
            Duration asked = outcome instanceof Outcome.NotTaken taken ? taken.delay() : Duration.ZERO;
            rest(request, outcome, backoff.pause(tries, asked), tries);
        }
    }

    /** The data of an answer that is no refusal. */
    Json accepted(ApiRequest request, Answer answer) {
        if (!answer.envelope().isSuccess()) {
            throw failures.refused(request, answer.envelope());
        }
        return answer.envelope().data();
    }

    /** A token that the server accepts now, renewed when it is time. */
    Secret token() throws InterruptedException {
        return switch (session.token(channel)) {
            case Session.Grant.Refused(Outcome outcome) -> throw failures.unanswered(LOGIN, loginFailed(outcome), 1);
            case Session.Grant.Token(AccessToken token) -> token.value();
        };
    }

    /** Once with the token that is there, and once more with another one if the server refuses that. */
    private Outcome attempt(ApiRequest request) {
        try {
            return switch (session.token(channel)) {
                case Session.Grant.Refused(Outcome outcome) -> loginFailed(outcome);
                case Session.Grant.Token(AccessToken token) -> {
                    Outcome outcome = channel.send(request, Session.bearer(token.value()));
                    yield isUnauthorized(outcome) ? again(request, token) : outcome;
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.NotTaken.hopeless("interrupted while waiting for a login", e);
        }
    }

    private Outcome again(ApiRequest request, AccessToken refused) throws InterruptedException {
        return switch (session.replace(channel, refused)) {
            case Session.Grant.Refused(Outcome outcome) -> loginFailed(outcome);
            case Session.Grant.Token(AccessToken token) -> channel.send(request, Session.bearer(token.value()));
        };
    }

    private Outcome loginFailed(Outcome outcome) {
        if (outcome instanceof Outcome.Answered(Envelope envelope)) {
            throw failures.loginRefused(envelope);
        }
        return outcome;
    }

    private static boolean isUnauthorized(Outcome outcome) {
        return outcome instanceof Outcome.Answered(Envelope envelope) && envelope.code() == 401;
    }

    private static boolean repeatable(Repetition repetition, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered _ -> false;
            case Outcome.NotTaken taken -> taken.passing() && repetition != Repetition.NEVER;
            case Outcome.Unclear unclear -> unclear.passing() && repetition == Repetition.FREELY;
        };
    }

    private void rest(ApiRequest request, Outcome outcome, Duration pause, int tries) {
        // the first time, and then ever more seldom: a server may be away for a night
        if (Integer.bitCount(tries) == 1) {
            LOG.log(System.Logger.Level.WARNING, () -> failures.waiting(request, outcome, pause, tries));
        }
        try {
            if (!timing.pause().pass(pause)) {
                throw failures.unanswered(request, Outcome.NotTaken.hopeless("the connection was closed", null), tries);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.unanswered(request, interrupted(outcome, e), tries);
        }
    }

    /** What was unclear stays so, however the waiting ends. */
    private static Outcome interrupted(Outcome before, InterruptedException e) {
        String reason = "interrupted while waiting to try again";
        return before instanceof Outcome.Unclear
                ? new Outcome.Unclear(reason, false, e)
                : Outcome.NotTaken.hopeless(reason, e);
    }
}
