// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import ml.clear.agent.api.Stability;

/** Runs external programs. Safe for several threads; tests replace it. */
@Stability.Incubating(since = "0.1")
public interface CommandRunner {

    /**
     * Run a program and wait for its end. When the thread is interrupted or the time limit passes, the program and all
     * that it started are killed first.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code PROGRAM_MISSING} when it cannot be started, {@code TIMED_OUT} when
     *     its time limit passed
     * @throws InterruptedException when interrupted while waiting
     */
    CommandResult run(Command command) throws InterruptedException;

    /**
     * As {@link #run(Command)}, and show each line of its standard output and error as it comes.
     *
     * @param console called from other threads while the program runs
     */
    CommandResult run(Command command, Console console) throws InterruptedException;
}
