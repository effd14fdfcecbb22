// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import org.jspecify.annotations.Nullable;

/**
 * Ships a task's console from its spool to the server: every line once and in order, also after failures, with bounded
 * memory. It continues where the last shipper stopped, and deletes what was delivered.
 *
 * <p>Works on its own thread between {@link #start()} and {@link #finish(Duration)} or {@link #close()}; the other
 * methods may be called from any thread.
 */
public final class LogShipper implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LogShipper.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);

    /** So many failures of the disk in a row, with pauses between them, are no passing ones. */
    private static final int MOST_FAILURES = 8;

    private record Notice(String level, String text) {}

    private final SpoolSegments segments;
    private final ConsoleForm form;
    private final ShippingPace pace;
    private final ShippedFile shipped;
    private final Delivery delivery;
    private final Thread thread;
    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private final Semaphore wake = new Semaphore(0);
    private final Batch batch = new Batch();
    private @Nullable ConsoleEcho echo;
    private long batchSince;
    private long unfinishedSince;
    private long readSince;
    private volatile boolean ending;
    private volatile boolean done;
    private volatile @Nullable String failure;

    /**
     * A shipper for the execution in a folder, which the caller owns.
     *
     * @throws AgentException {@code FILE_SYSTEM} when the place it has come to can be neither read nor written
     */
    public LogShipper(
            LogDestination destination,
            ExecutionFolder folder,
            ConsoleForm form,
            ShippingPace pace,
            InstantSource clock) {
        this(destination, folder.spool(), folder.shipped(), form, pace, clock);
    }

    LogShipper(
            LogDestination destination,
            Path spool,
            Path shippedFile,
            ConsoleForm form,
            ShippingPace pace,
            InstantSource clock) {
        this.segments = new SpoolSegments(spool);
        this.form = form;
        this.pace = pace;
        try {
            this.shipped = new ShippedFile(shippedFile);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot use '" + shippedFile + "', which records what was sent: " + e, e);
        }
        this.delivery = new Delivery(destination, shipped, pace, clock);
        this.thread = Thread.ofPlatform().daemon().name("log shipper").unstarted(this::run);
    }

    /** Also show each line here as it becomes whole, and the state of one that does not end, without waiting for the server; before {@link #start()}. */
    public LogShipper echoTo(Console console) {
        echo = new ConsoleEcho(segments, delivery.position(), form, console);
        return this;
    }

    /** Begin. */
    public LogShipper start() {
        if (echo != null) {
            echo.start();
        }
        thread.start();
        return this;
    }

    /**
     * Send a message of the agent while the task runs, after the lines written so far.
     *
     * @param level {@code INFO}, {@code WARNING} or {@code ERROR}
     */
    public void notice(String level, String text) {
        notices.add(new Notice(level, text));
        wake.release();
        if (echo != null) {
            echo.notice(text);
        }
    }

    /** Show what is being done where lines are echoed; it is not sent. */
    public void progress(String text) {
        if (echo != null) {
            echo.progress(text);
        }
    }

    /** Whether the server accepts no more lines for this task; they are dropped then. */
    public boolean refused() {
        return delivery.refused();
    }

    /**
     * Why the shipper gave up before it was closed, such as an unreadable disk; lines that it has not sent are kept.
     */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * The spool is complete: send the rest, and wait for that up to a limit.
     *
     * @return whether everything was delivered; if not, the shipper retries until {@link #close()}, and what is left
     *     then stays in the folder for another shipper
     */
    public boolean finish(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        ending = true;
        wake.release();
        thread.join(limit);
        if (echo != null) {
            Duration left = limit.minusNanos(System.nanoTime() - start);
            echo.finish(left.isPositive() ? left : Duration.ofMillis(1));
        }
        return done;
    }

    /** Stop at once; what has not arrived stays in the folder. */
    @Override
    public void close() {
        thread.interrupt();
        if (echo != null) {
            echo.close();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            shipped.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing the place that was come to", e);
        }
    }

    private void run() {
        try {
            SpoolPosition reached = delivery.position();
            for (int failures = 1; !done; failures++) {
                try {
                    ship();
                    done = true;
                } catch (IOException e) {
                    if (delivery.position().compareTo(reached) > 0) {
                        failures = 1;
                        reached = delivery.position();
                    }
                    waitAfter(failures, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "console lines are no longer sent, they stay on the disk", e);
            failure = e.toString();
        }
    }

    /** The state is on the disk, so that after a failure of that everything continues where it had come to. */
    private void waitAfter(int failures, IOException failure) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("closed while it read or wrote");
        }
        if (failures >= MOST_FAILURES) {
            throw failure;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "the console lines on the disk cannot be read, or not be recorded as sent; retrying: {0}",
                failure.toString());
        long pause = pace.firstRetry().toNanos() << failures;
        TimeUnit.NANOSECONDS.sleep(Math.min(pause, pace.longestRetry().toNanos()));
    }

    private void ship() throws IOException, InterruptedException {
        batch.take(); // what a failure left of it is read again
        settle();
        try (SpoolLines lines = new SpoolLines(segments, delivery.position(), form)) {
            while (!turn(lines)) {
                // one chunk a turn
            }
        }
    }

    private void settle() throws IOException, InterruptedException {
        ShippingProgress before = shipped.current();
        if (!before.intent().isEmpty()) {
            delivery.settle(IntendedBatch.read(segments, before, form));
        }
    }

    /** Read the available lines and send what is due; returns whether everything is done. */
    private boolean turn(SpoolLines lines) throws IOException, InterruptedException {
        boolean last = ending; // before the look, so that what was written before it is seen
        boolean begins = !lines.unfinished();
        Optional<List<SpoolLine>> read = lines.next();
        if (read.isPresent()) {
            readSince = System.nanoTime();
            if (begins || !read.get().isEmpty()) {
                unfinishedSince = readSince;
            }
            add(read.get());
        } else if (last) {
            add(lines.rest().stream().toList());
            send();
            sendNotices();
            deleteArrived(lines);
            return true;
        } else if (lines.unfinished() && isPast(unfinishedSince, pace.progress())) {
            unfinishedSince = System.nanoTime();
            add(lines.progress(isPast(readSince, quiet())).stream().toList());
            send();
        }
        if (!notices.isEmpty()) {
            send();
            sendNotices();
        } else if (!batch.isEmpty() && isPast(batchSince, pace.period())) {
            send();
        }
        deleteArrived(lines);
        if (read.isEmpty() && wake.tryAcquire(pause().toNanos(), TimeUnit.NANOSECONDS)) {
            wake.drainPermits();
        }
        return false;
    }

    /** Nothing was added for so long that the line is not just being written. */
    private Duration quiet() {
        return pace.progress().dividedBy(5);
    }

    private Duration pause() {
        return LOOK.compareTo(pace.period()) < 0 ? LOOK : pace.period();
    }

    private void add(List<SpoolLine> lines) throws IOException, InterruptedException {
        for (SpoolLine line : lines) {
            if (!batch.takes(line)) {
                send();
            }
            if (batch.isEmpty()) {
                batchSince = System.nanoTime();
            }
            batch.add(line);
        }
    }

    private void send() throws IOException, InterruptedException {
        if (!batch.isEmpty()) {
            delivery.deliver(batch.take());
        }
    }

    /** A segment that was read to its end goes even when the next one has no line yet: its room may be what that waits for. */
    private void deleteArrived(SpoolLines lines) throws IOException {
        boolean allSent = batch.isEmpty() && !lines.unfinished();
        SpoolPosition needed = allSent ? lines.position() : delivery.position();
        segments.deleteBefore(Math.min(needed.segment(), echo == null ? Long.MAX_VALUE : echo.segment()));
    }

    private void sendNotices() throws IOException, InterruptedException {
        for (Notice notice = notices.poll(); notice != null; notice = notices.poll()) {
            String message = form.shown(notice.text()) + "\n";
            delivery.deliver(List.of(new Batch.Piece(notice.level(), message, delivery.position())));
        }
    }

    private static boolean isPast(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }
}
