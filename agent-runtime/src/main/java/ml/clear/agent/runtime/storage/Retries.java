// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Repeats what failed for a reason that may pass, with waits that double.
 *
 * @param limit most repetitions
 * @param firstWait the wait before the first repetition
 * @param pause waits
 * @param level with which each repetition is logged
 */
record Retries(long limit, Duration firstWait, Pause pause, System.Logger.Level level) {

    private static final System.Logger LOG = System.getLogger(Retries.class.getName());
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final int DOUBLINGS = 20;
    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.THROTTLED, ErrorCode.SERVER_UNAVAILABLE, ErrorCode.DAMAGED);

    /** Repetitions of which an operator learns. */
    Retries(long limit, Duration firstWait, Pause pause) {
        this(limit, firstWait, pause, System.Logger.Level.WARNING);
    }

    /** Waits; ends when its thread is interrupted. */
    @FunctionalInterface
    interface Pause {
        void pass(Duration time) throws InterruptedException;
    }

    /** What is done, perhaps several times. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    /** What is done without a result. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    /** The same as {@link #run(String, Step)} for what has no result. */
    void perform(String what, Action action) throws InterruptedException {
        run(what, () -> {
            action.run();
            return what;
        });
    }

    /**
     * Do it until it succeeds.
     *
     * @param what what messages call it
     * @throws AgentException the last failure, when no repetition is left or none would help
     */
    <T> T run(String what, Step<T> step) throws InterruptedException {
        return run(what, PASSING, step);
    }

    /** The same for failures with these codes alone. */
    <T> T run(String what, Set<ErrorCode> passing, Step<T> step) throws InterruptedException {
        for (int failed = 0; ; failed++) {
            AgentException failure;
            try {
                return step.run();
            } catch (AgentException e) {
                failure = e;
            } catch (IOException e) {
                failure = broken(what, e);
            }
            if (!passing.contains(failure.code()) || failed >= limit) {
                throw failed == 0 ? failure : counted(failure, failed + 1);
            }
            Duration wait = wait(failed);
            LOG.log(
                    level,
                    "{0}; trying again in {1} s (retry {2} of {3})",
                    failure.getMessage(),
                    wait.toMillis() / 1000.0,
                    failed + 1,
                    limit);
            pause.pass(wait);
        }
    }

    private Duration wait(int failed) {
        Duration wait = firstWait.multipliedBy(1L << Math.min(failed, DOUBLINGS));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private static AgentException counted(AgentException failure, int times) {
        return new AgentException(failure.code(), failure.getMessage() + " (tried " + times + " times)", failure);
    }

    private static AgentException broken(String what, IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted: " + what);
        }
        return new AgentException(
                ErrorCode.SERVER_UNAVAILABLE, "the transfer of " + what + " broke off: " + e.getMessage(), e);
    }
}
