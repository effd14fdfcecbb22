// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.List;

/**
 * How much of a task's console has reached the server.
 *
 * @param position everything before it is at the server
 * @param lastTimestamp the time of the last event, sent or about to be; later ones are greater
 * @param intent where each event of the batch ends that is about to be sent, or was when its sender died; their times
 *     are consecutive and end with {@code lastTimestamp}; empty when nothing is in doubt
 */
record ShippingProgress(SpoolPosition position, long lastTimestamp, List<SpoolPosition> intent) {

    static final ShippingProgress NOTHING = new ShippingProgress(SpoolPosition.START, 0, List.of());

    ShippingProgress {
        intent = List.copyOf(intent);
    }

    /** The time of the first event of the intent. */
    long firstTimestamp() {
        return lastTimestamp - intent.size() + 1;
    }
}
