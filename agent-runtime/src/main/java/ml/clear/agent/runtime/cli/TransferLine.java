// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.runtime.storage.StorageTree;

/** The progress of transfers: on a terminal a line that moves, and in any case a line for each object when it is done. */
final class TransferLine implements StorageTree.Listener, AutoCloseable {

    private static final long PERIOD = Duration.ofMillis(200).toNanos();
    private static final double MEBIBYTE = 1 << 20;

    private final PrintWriter err;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private long objects;
    private long bytes;
    private long shownAt;
    private int shownWidth;

    TransferLine(PrintWriter err) {
        this(err, isTerminal());
    }

    @SuppressWarnings("SystemConsoleNull") // without a terminal there is none, as the documentation of the JDK says
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    TransferLine(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public TransferProgress copying(StoredObject source, StorageAddress target) {
        String name = source.address().name();
        return terminal ? (done, total) -> show(name, done, total) : TransferProgress.NONE;
    }

    private synchronized void show(String name, long done, long total) {
        long now = System.nanoTime();
        if (shownAt != 0 && now - shownAt < PERIOD) {
            return;
        }
        shownAt = now;
        String text = total > 0
                ? String.format(
                        Locale.ROOT,
                        "%s  %.1f of %.1f MiB  %d %%",
                        name,
                        done / MEBIBYTE,
                        total / MEBIBYTE,
                        100 * done / total)
                : String.format(Locale.ROOT, "%s  %.1f MiB", name, done / MEBIBYTE);
        err.print("\r" + text + " ".repeat(Math.max(0, shownWidth - text.length())));
        err.flush();
        shownWidth = text.length();
    }

    @Override
    public synchronized void copied(StoredObject source, StorageAddress target) {
        objects++;
        bytes += Math.max(0, source.size());
        line("copied " + source.address() + " to " + target);
    }

    @Override
    public synchronized void deleted(StorageAddress object) {
        line("deleted " + object);
    }

    private void line(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    private void clear() {
        if (shownWidth > 0) {
            err.print("\r" + " ".repeat(shownWidth) + "\r");
            shownWidth = 0;
        }
    }

    @Override
    public synchronized void close() {
        clear();
        if (objects > 0) {
            double seconds = (System.nanoTime() - start) / 1e9;
            err.printf(
                    Locale.ROOT,
                    "%d %s, %.1f MiB in %.1f s, %.1f MiB/s%n",
                    objects,
                    objects == 1 ? "object" : "objects",
                    bytes / MEBIBYTE,
                    seconds,
                    bytes / MEBIBYTE / seconds);
        }
        err.flush();
    }
}
