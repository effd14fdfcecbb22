// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.util.Optional;

/** Counts the execute processes of one execution that died one after the other, and decides when to give up. */
public final class ResumeLimit {

    private final AbandonedExecution execution;
    private int dead;

    /** None has died yet. */
    public ResumeLimit(AbandonedExecution execution) {
        this.execution = execution;
    }

    /**
     * Count the start of another execute process. While the task's process lives the count starts again, since the work
     * that follows is different.
     *
     * @param diedOfItsWork whether there was a previous one that died of its work; false while the server is
     *     unavailable
     */
    public void another(boolean diedOfItsWork) {
        dead = diedOfItsWork && !execution.lives() ? dead + 1 : 0;
    }

    /**
     * Why no further execute process is started; empty while one may be. A task whose process lives is never failed.
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
