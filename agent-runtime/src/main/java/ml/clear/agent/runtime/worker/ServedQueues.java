// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.server.QueueService;

/**
 * Which queues are served now: those that carry the tag {@code force_workers:on} always, those with {@code force_workers:off}
 * never, the others as the timetable says. Used by one thread.
 */
final class ServedQueues {

    private static final String ON = "force_workers:on";
    private static final String OFF = "force_workers:off";

    /** Tags are seldom changed, and asking for them costs a request for all queues together. */
    private static final Duration TAGS_HOLD = Duration.ofSeconds(30);

    private final QueueService queues;
    private final DaemonPlan plan;
    private final InstantSource clock;
    private final Console console;
    private Map<String, List<String>> tags = Map.of();
    private long due = System.nanoTime();
    private boolean inTime = true;

    /**
     * The queues of a daemon.
     *
     * @param console where the beginning and the end of its hours are printed
     */
    ServedQueues(QueueService queues, DaemonPlan plan, InstantSource clock, Console console) {
        this.queues = queues;
        this.plan = plan;
        this.clock = clock;
        this.console = console;
    }

    /** The queues that are served now, by their ids. */
    Predicate<String> now() {
        boolean open = plan.timetable()
                .isOpen(clock.instant().atZone(ZoneId.systemDefault()).toLocalDateTime());
        report(open);
        Map<String, List<String>> known = tags();
        return queue -> {
            List<String> of = known.getOrDefault(queue, List.of());
            return !of.contains(OFF) && (open || of.contains(ON));
        };
    }

    private void report(boolean open) {
        if (open != inTime) {
            inTime = open;
            console.line(
                    open
                            ? "clearml-agent: taking tasks again, according to the timetable"
                            : "clearml-agent: taking no tasks now, according to the timetable, except from queues tagged "
                                    + ON);
        }
    }

    /** When the server does not answer, the old tags are used; the polls report the failure. */
    private Map<String, List<String>> tags() {
        if (System.nanoTime() - due >= 0) {
            try {
                tags = queues.tags(plan.queues());
                due = System.nanoTime() + TAGS_HOLD.toNanos();
            } catch (AgentException e) {
                return tags;
            }
        }
        return tags;
    }
}
