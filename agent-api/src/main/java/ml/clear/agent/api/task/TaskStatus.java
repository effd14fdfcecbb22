// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.Locale;
import ml.clear.agent.api.Stability;

/** The states of a task on the server. */
@Stability.Incubating(since = "0.1")
public enum TaskStatus {
    /** Made, not queued. */
    CREATED,
    /** Waits in a queue. */
    QUEUED,
    /** Runs. */
    IN_PROGRESS,
    /** Was stopped. */
    STOPPED,
    /** Is being published. */
    PUBLISHING,
    /** Is published and read-only. */
    PUBLISHED,
    /** Was closed by hand. */
    CLOSED,
    /** Ended with an error. */
    FAILED,
    /** Ended well. */
    COMPLETED,
    /** A state that this version does not know. */
    UNKNOWN;

    /** The state with this name on the wire; {@link #UNKNOWN} for a name that is not known. */
    public static TaskStatus of(String wireName) {
        for (TaskStatus status : values()) {
            if (status.wireName().equals(wireName)) {
                return status;
            }
        }
        return UNKNOWN;
    }

    /** The name that the server uses, such as {@code in_progress}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
