// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.server.LogEvent;

/**
 * Delivers batches to the server, each event once. Each batch is recorded before it is sent; when the answer is lost,
 * or the sender died, each event is looked up by its time before it is sent again. Waits while the server is
 * unavailable. For one thread, except {@link #refused()}.
 */
final class Delivery {

    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

    private final LogDestination destination;
    private final ShippedFile shipped;
    private final ShippingPace pace;
    private final InstantSource clock;
    private int failures;
    private volatile boolean refused; // read by other threads

    Delivery(LogDestination destination, ShippedFile shipped, ShippingPace pace, InstantSource clock) {
        this.destination = destination;
        this.shipped = shipped;
        this.pace = pace;
        this.clock = clock;
    }

    /** Everything before this place is at the server. */
    SpoolPosition position() {
        return shipped.current().position();
    }

    /** Whether the server accepts no more lines for this task, since it is deleted or published. */
    boolean refused() {
        return refused;
    }

    /** Bring new pieces, in order, after all that came before. */
    void deliver(List<Batch.Piece> pieces) throws IOException, InterruptedException {
        ShippingProgress before = shipped.current();
        long first = Math.max(clock.millis(), before.lastTimestamp() + 1);
        List<LogEvent> events = events(pieces, first);
        List<SpoolPosition> ends = pieces.stream().map(Batch.Piece::end).toList();
        ShippingProgress intent = new ShippingProgress(before.position(), first + events.size() - 1, ends);
        shipped.write(intent);
        bring(events, intent, false);
    }

    /** Settle what an earlier sender left in doubt; the pieces are those of its intent. */
    void settle(List<Batch.Piece> pieces) throws IOException, InterruptedException {
        ShippingProgress intent = shipped.current();
        bring(events(pieces, intent.firstTimestamp()), intent, true);
    }

    private List<LogEvent> events(List<Batch.Piece> pieces, long first) {
        List<LogEvent> events = new ArrayList<>();
        for (Batch.Piece piece : pieces) {
            events.add(destination.event(piece.level(), piece.message(), first + events.size()));
        }
        return events;
    }

    private void bring(List<LogEvent> all, ShippingProgress intent, boolean inDoubt)
            throws IOException, InterruptedException {
        boolean doubt = inDoubt;
        List<LogEvent> open = all;
        while (!refused) {
            try {
                if (doubt) {
                    TimeUnit.NANOSECONDS.sleep(pace.settling().toNanos());
                    open = missing(all);
                    doubt = false;
                }
                if (!open.isEmpty()) {
                    destination.events().addLog(open);
                }
                break;
            } catch (AgentException e) {
                refused = isRefusal(e.code());
                if (e.code() == ErrorCode.CONFIGURATION_INVALID) {
                    open = shortened(open, e); // larger than the server may be sent
                    continue;
                }
                doubt |= e.code() != ErrorCode.SERVER_UNAVAILABLE && e.code() != ErrorCode.CREDENTIALS_REFUSED;
                waitAfter(e);
            }
        }
        if (failures > 0 && !refused) {
            LOG.log(System.Logger.Level.INFO, "task {0}: the server takes console lines again", destination.task());
        }
        failures = 0;
        shipped.write(new ShippingProgress(intent.intent().getLast(), intent.lastTimestamp(), List.of()));
    }

    private static List<LogEvent> shortened(List<LogEvent> events, AgentException reason) {
        List<LogEvent> shorter = new ArrayList<>();
        for (LogEvent event : events) {
            String message = "clearml-agent: " + event.message().length() + " characters of output are missing here: "
                    + reason.getMessage() + "\n";
            shorter.add(new LogEvent(event.task(), event.worker(), event.level(), message, event.timestamp()));
        }
        return shorter;
    }

    private List<LogEvent> missing(List<LogEvent> events) {
        List<LogEvent> missing = new ArrayList<>();
        for (LogEvent event : events) {
            if (!event.message().isEmpty() && !destination.events().hasLog(event.task(), event.timestamp())) {
                missing.add(event);
            }
        }
        return missing;
    }

    /** A retry would fail in the same way; lines that the server refuses must not fill the disk. */
    private static boolean isRefusal(ErrorCode code) {
        return code == ErrorCode.NOT_FOUND || code == ErrorCode.CONFLICT || code == ErrorCode.TASK_INVALID;
    }

    private void waitAfter(AgentException failure) throws InterruptedException {
        if (refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "task {0}: the server takes no more console lines: {1}",
                    destination.task(),
                    failure.getMessage());
            return;
        }
        if (failures == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "task {0}: console lines wait on the disk: {1}",
                    destination.task(),
                    failure.getMessage());
        }
        long pause = pace.firstRetry().toNanos() << Math.min(failures, 16);
        failures++;
        Duration longest = pace.longestRetry();
        long limit = pause <= 0 || pause > longest.toNanos() ? longest.toNanos() : pause;
        TimeUnit.NANOSECONDS.sleep(limit / 2 + ThreadLocalRandom.current().nextLong(limit / 2 + 1));
    }
}
