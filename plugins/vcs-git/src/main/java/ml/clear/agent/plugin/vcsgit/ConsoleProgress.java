// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import ml.clear.agent.api.process.Console;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Tells a long transfer to the console, one line in a while, and ends it when its thread is interrupted. */
final class ConsoleProgress implements ProgressMonitor {

    private static final Duration USUAL_PAUSE = Duration.ofSeconds(5);
    private static final Duration VERBOSE_PAUSE = Duration.ofSeconds(1);

    private final Console console;
    private final InstantSource clock;
    private final Duration pause;
    private final Thread owner = Thread.currentThread();
    private Instant next;
    private String title = "";
    private int total;
    private int done;
    private volatile boolean interrupted;

    ConsoleProgress(Console console, InstantSource clock, boolean verbose) {
        this.console = console;
        this.clock = clock;
        this.pause = verbose ? VERBOSE_PAUSE : USUAL_PAUSE;
        this.next = clock.instant().plus(pause);
    }

    @Override
    public void start(int totalTasks) {}

    @Override
    public synchronized void beginTask(String name, int totalWork) {
        title = name;
        total = totalWork;
        done = 0;
    }

    @Override
    public synchronized void update(int completed) {
        done += completed;
        if (clock.instant().isBefore(next)) {
            return;
        }
        next = clock.instant().plus(pause);
        String amount = total > 0 ? done * 100L / total + " % of " + total : String.valueOf(done);
        console.line("git: " + title.strip() + ": " + amount);
    }

    @Override
    public void endTask() {}

    @Override
    public boolean isCancelled() {
        interrupted |= owner.isInterrupted();
        return interrupted;
    }

    @Override
    public void showDuration(boolean enabled) {}
}
