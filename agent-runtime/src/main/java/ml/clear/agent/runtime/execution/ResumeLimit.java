// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.util.Optional;

/** Counts the execute processes of one execution that died one after the other, and decides when another makes no sense. */
public final class ResumeLimit {

    private final AbandonedExecution execution;
    private int dead;

    /** None has died yet. */
    public ResumeLimit(AbandonedExecution execution) {
        this.execution = execution;
    }

    /**
     * Another one is to be started. While the task's process lives the count begins anew: what comes after that is another
     * piece of work.
     *
     * @param diedOfItsWork whether there was one before, which can have died of nothing else; not when the server is away
     */
    public void another(boolean diedOfItsWork) {
        dead = diedOfItsWork && !execution.lives() ? dead + 1 : 0;
    }

    /**
     * Why no further execute process can bring it to its end; empty while one may. A task whose process lives is never failed.
     */
    public Optional<String> hopeless() {
        Optional<String> damage = execution.damage();
        if (damage.isPresent()) {
            return Optional.of("lost: its execution folder is damaged: " + damage.get());
        }
        ExecutionPhase phase = execution.phase();
        if (execution.lives() || dead < phase.mostDeaths()) {
            return Optional.empty();
        }
        return Optional.of(
                phase.isStarted()
                        ? "lost: the execute process died " + dead + " times after the end of the script"
                        : "could not be set up: the execute process died " + dead
                                + " times before it had started the script" + lastWords());
    }

    private String lastWords() {
        return execution.lastWords().map(words -> "; it printed last: " + words).orElse("");
    }
}
