// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.TaskService;

/**
 * Gives a task that is aborted on the server the time that it has announced there for its abort callback: the SDK in
 * the task runs the callback that the script registered, and reports when it is done. Used by one thread.
 */
final class AbortCallback implements BeforeStop {

    private static final String TIMEOUT = "_abort_callback_timeout";
    private static final String POLL = "_abort_poll_freq";
    private static final String COMPLETED = "_abort_callback_completed";
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final TaskService tasks;
    private final TaskId task;
    private final Duration longest;
    private final Console console;

    /**
     * For one task.
     *
     * @param longest the upper limit of that time
     */
    AbortCallback(TaskService tasks, TaskId task, Duration longest, Console console) {
        this.tasks = tasks;
        this.task = task;
        this.longest = longest;
        this.console = console;
    }

    /**
     * If the task has announced a callback, wait until it is done, the task's process has ended, or the time is over.
     */
    @Override
    public void await(AbortReason reason, Ends process) throws InterruptedException {
        Map<String, String> facts = reason.isOfTheServer() ? facts() : Map.of();
        Duration limit = announced(facts);
        if (!limit.isPositive() || isDone(facts)) {
            return;
        }
        console.line("### the task has " + limit.toSeconds() + " s for its abort callback ###");
        long deadline = System.nanoTime() + limit.toNanos();
        boolean done = false;
        while (!done && System.nanoTime() - deadline < 0) {
            done = process.within(LOOK) || isDone(facts());
        }
        console.line(done ? "### the abort callback is done ###" : "### the abort callback takes too long ###");
    }

    private Duration announced(Map<String, String> facts) {
        Duration asked = seconds(facts.getOrDefault(TIMEOUT, ""));
        Duration whole = asked.isPositive() ? asked.plus(seconds(facts.getOrDefault(POLL, ""))) : Duration.ZERO;
        return whole.compareTo(longest) < 0 ? whole : longest;
    }

    private static boolean isDone(Map<String, String> facts) {
        return seconds(facts.getOrDefault(COMPLETED, "")).isPositive();
    }

    /** Empty when the server does not answer now; the caller asks again after a while. */
    private Map<String, String> facts() {
        try {
            return tasks.runtime(task);
        } catch (AgentException e) {
            return Map.of();
        }
    }

    private static Duration seconds(String number) {
        try {
            return Duration.ofMillis(Math.round(Double.parseDouble(number) * 1000));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
