// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Optional;
import ml.clear.agent.runtime.process.AbandonedExecution;

/** Counts the execute processes of one execution that died one after the other, and tells when another makes no sense. */
final class FruitlessTries {

    /** The task has done nothing yet, so little is lost. */
    private static final int MOST_BEFORE_THE_START = 3;

    /** The task is over, and its last lines are worth some patience. */
    private static final int MOST_AFTER_THE_END = 10;

    private final AbandonedExecution execution;
    private int dead;

    FruitlessTries(AbandonedExecution execution) {
        this.execution = execution;
    }

    /**
     * Another one is to be started. While the task's process lives the count begins anew: what comes after that is another
     * piece of work.
     *
     * @param diedOfItsWork whether there was one before, which can have died of nothing else; not when the server is away
     */
    void another(boolean diedOfItsWork) {
        dead = diedOfItsWork && !execution.lives() ? dead + 1 : 0;
    }

    /** Why no further execute process can bring it to its end; empty while one may. A task that runs is never given up. */
    Optional<String> hopeless() {
        Optional<String> damage = execution.damage();
        if (damage.isPresent()) {
            return Optional.of("lost: its execution folder is damaged: " + damage.get());
        }
        if (execution.lives()) {
            return Optional.empty();
        }
        if (!execution.wasStarted()) {
            return dead < MOST_BEFORE_THE_START
                    ? Optional.empty()
                    : Optional.of("could not be set up: the execute process died " + dead
                            + " times before it had started the script");
        }
        return dead < MOST_AFTER_THE_END
                ? Optional.empty()
                : Optional.of("lost: the execute process died " + dead + " times after the end of the script");
    }
}
