// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * When a daemon does what, and how it calls itself: what a change of the configuration may change while it runs.
 *
 * @param timetable when it takes tasks
 * @param tags the tags that its reports carry
 * @param pollPeriod the time between two polls of empty queues
 * @param reportPeriod the time between two reports of the machine
 */
public record DaemonSchedule(Timetable timetable, List<String> tags, Duration pollPeriod, Duration reportPeriod) {

    /** Copies the list and checks for absence. */
    public DaemonSchedule {
        Objects.requireNonNull(timetable);
        tags = List.copyOf(tags);
        Objects.requireNonNull(pollPeriod);
        Objects.requireNonNull(reportPeriod);
    }
}
