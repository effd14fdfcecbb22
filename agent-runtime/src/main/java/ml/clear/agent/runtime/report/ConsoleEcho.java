// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import ml.clear.agent.api.process.Console;

/**
 * Shows a task's console while it grows, as many lines at a time as there are, and the state of a line that does not
 * end; on a separate thread, so that it never waits for the server.
 */
final class ConsoleEcho implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ConsoleEcho.class.getName());
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A line that is written in two parts is shown as one; a progress bar still seems to move. */
    private static final Duration STATE = Duration.ofMillis(500);

    private final SpoolLines lines;
    private final ConsoleForm form;
    private final Console console;
    private final Thread thread;
    private String state = "";
    private long stateSince = System.nanoTime();
    private volatile long segment;
    private volatile boolean ending;

    ConsoleEcho(SpoolSegments segments, SpoolPosition start, ConsoleForm form, Console console) {
        this.lines = new SpoolLines(segments, start, form);
        this.segment = start.segment();
        this.form = form;
        this.console = console;
        this.thread = Thread.ofPlatform().daemon().name("console echo").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Show a word of the agent's own that is not in the spool; from any thread. */
    synchronized void notice(String text) {
        if (!state.isEmpty()) {
            console.line(state); // it stays on the terminal, and the word goes below it
            state = "";
        }
        console.line(form.shown(text));
    }

    /** Show what is being done; from any thread. */
    void progress(String text) {
        console.progress(text.isEmpty() ? "" : form.shown(text));
    }

    /** It still needs this segment and those after it. */
    long segment() {
        return segment;
    }

    /** The spool gets nothing more: show the rest, and wait for that at most for a time. */
    void finish(Duration limit) throws InterruptedException {
        ending = true;
        thread.join(limit);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try (lines) {
            boolean over = false;
            while (!over) {
                boolean last = ending; // before the look, so that what came before it is seen
                boolean begins = !lines.unfinished();
                Optional<List<SpoolLine>> read = lines.next();
                if (begins || read.filter(found -> !found.isEmpty()).isPresent()) {
                    stateSince = System.nanoTime();
                }
                read.filter(found -> !found.isEmpty()).ifPresent(this::show);
                segment = lines.position().segment();
                if (read.isEmpty()) {
                    over = last;
                    showState();
                    TimeUnit.NANOSECONDS.sleep(over ? 0 : LOOK.toNanos());
                }
            }
            show(lines.rest().stream().toList());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the console can no longer be shown here: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            segment = Long.MAX_VALUE;
        }
    }

    /** Together, since each call costs a write. */
    private synchronized void show(List<SpoolLine> found) {
        if (!found.isEmpty()) {
            console.line(found.stream().map(SpoolLine::text).collect(Collectors.joining("\n")));
            state = "";
        }
    }

    private synchronized void showState() {
        if (lines.unfinished() && System.nanoTime() - stateSince >= STATE.toNanos()) {
            stateSince = System.nanoTime();
            String now = lines.state();
            if (!now.isEmpty() && !now.equals(state)) {
                console.unfinished(now);
                state = now;
            }
        }
    }
}
