// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.process.Console;
import org.jspecify.annotations.Nullable;

/**
 * Shows what an execute process writes to its log, line by line, on a thread of its own. The file may be removed meanwhile:
 * what is in it is shown all the same.
 */
final class LogTail implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LogTail.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);

    /** A longer line is shown in pieces. */
    private static final int LONGEST_LINE = 1 << 16;

    private final @Nullable FileChannel channel;
    private final Console console;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Thread thread;

    private LogTail(@Nullable FileChannel channel, Console console) {
        this.channel = channel;
        this.console = console;
        this.thread = Thread.ofVirtual().name("log tail").unstarted(this::run);
    }

    /** Where to begin. */
    enum From {
        /** With the first line. */
        BEGINNING,
        /** With what is not there yet. */
        END
    }

    /** Begin; an executor that writes no such file has nothing to show. */
    static LogTail follow(Path file, From from, Console console) {
        @Nullable FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            if (from == From.END) {
                channel.position(channel.size());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the log ''{0}'' is not shown: {1}", file, e.toString());
        }
        LogTail tail = new LogTail(channel, console);
        tail.thread.start();
        return tail;
    }

    /** Nothing more is written: show the rest. */
    @Override
    public void close() throws InterruptedException {
        ending.countDown();
        thread.join();
    }

    private void run() {
        FileChannel file = channel;
        if (file == null) {
            return;
        }
        try (file) {
            boolean last;
            do {
                last = ending.await(LOOK.toNanos(), TimeUnit.NANOSECONDS); // before the look: sees what came before it
                showWhatIsThere(file);
            } while (!last);
            if (line.size() > 0) {
                showLine();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the log of a task can no longer be shown: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void showWhatIsThere(FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
        while (file.read(buffer) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    showLine();
                } else {
                    line.write(next);
                    if (line.size() >= LONGEST_LINE) {
                        showLine();
                    }
                }
            }
            buffer.clear();
        }
    }

    private void showLine() {
        console.line(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
