// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.process.RotatingLog;

/**
 * Shows what an execute process writes to its log, on a separate thread: whole lines, as many at a time as there are.
 * The file may be removed or rotated meanwhile: its content is shown anyway.
 */
final class LogTail implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LogTail.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int CHUNK = 1 << 16;

    /** More than the writer keeps, so that each of its files is found. */
    private static final int ROTATED = 9;

    private final Path log;
    private final Optional<Opened> first;
    private final Console console;
    private final CountDownLatch ending = new CountDownLatch(1);

    /** What follows the last line end; a longer line is shown in pieces. */
    private final ByteBuffer text = ByteBuffer.allocate(CHUNK);

    private final Thread thread;

    /** An open file, and the key that identifies it regardless of its name. */
    private record Opened(FileChannel channel, Object key) {}

    private LogTail(Path log, Optional<Opened> first, Console console) {
        this.log = log;
        this.first = first;
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
        Optional<Opened> opened = Optional.empty();
        try {
            opened = open(file);
            if (opened.isPresent() && from == From.END) {
                FileChannel channel = opened.get().channel();
                channel.position(channel.size());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the log ''{0}'' is not shown: {1}", file, e.toString());
        }
        LogTail tail = new LogTail(file, opened, console);
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
        try {
            Optional<Opened> file = first;
            while (file.isPresent()) {
                try (FileChannel _ = file.get().channel()) {
                    file = showUntilRotated(file.get());
                }
            }
            show(text.position());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the log of a task can no longer be shown: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Show the file while it grows; returns the next file when this one is complete, or empty at the end. */
    private Optional<Opened> showUntilRotated(Opened file) throws IOException, InterruptedException {
        while (true) {
            boolean last = ending.getCount() == 0; // before the look: sees what came before it
            Optional<Opened> next = after(file);
            showWhatIsThere(file.channel());
            if (next.isPresent() || last) {
                return next;
            }
            boolean _ = ending.await(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Optional<Opened> after(Opened file) throws IOException {
        List<Path> files = RotatingLog.files(log, ROTATED);
        for (int at = 0; at < files.size() - 1; at++) {
            if (key(files.get(at)).filter(file.key()::equals).isPresent()) {
                return open(files.get(at + 1));
            }
        }
        return Optional.empty();
    }

    /** Empty when it is not there, or just being renamed. */
    private static Optional<Opened> open(Path file) throws IOException {
        Optional<Object> key = key(file);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        if (key.equals(key(file))) {
            return Optional.of(new Opened(channel, key.get()));
        }
        channel.close();
        return Optional.empty();
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void showWhatIsThere(FileChannel file) throws IOException {
        while (file.read(text) > 0) {
            int end = text.position();
            while (end > 0 && text.get(end - 1) != '\n') {
                end--;
            }
            if (end > 0) {
                show(end);
            } else if (!text.hasRemaining()) {
                show(text.position());
            }
        }
    }

    /** Show this many bytes, without the line end that they may end with. */
    private void show(int count) {
        if (count == 0) {
            return;
        }
        int shown = text.get(count - 1) == '\n' ? count - 1 : count;
        console.line(new String(text.array(), 0, shown, StandardCharsets.UTF_8));
        text.flip().position(count);
        text.compact();
    }
}
