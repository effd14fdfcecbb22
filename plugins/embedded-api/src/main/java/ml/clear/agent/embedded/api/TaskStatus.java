// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The states of a task and their allowed transitions. The same state may always follow. */
enum TaskStatus {
    CREATED,
    QUEUED,
    IN_PROGRESS,
    STOPPED,
    FAILED,
    COMPLETED,
    CLOSED,
    PUBLISHING,
    PUBLISHED;

    /** Whether a change to {@code next} is allowed without force. */
    boolean mayBecome(TaskStatus next) {
        return this == next || followers().contains(next);
    }

    private Set<TaskStatus> followers() {
        return switch (this) {
            case CREATED -> Set.of(QUEUED, IN_PROGRESS);
            case QUEUED -> Set.of(CREATED, IN_PROGRESS, STOPPED);
            case IN_PROGRESS -> Set.of(CREATED, STOPPED, FAILED, COMPLETED);
            case STOPPED -> Set.of(CREATED, QUEUED, IN_PROGRESS, FAILED, COMPLETED, CLOSED, PUBLISHING, PUBLISHED);
            case FAILED -> Set.of(CREATED, QUEUED, STOPPED, PUBLISHED);
            case COMPLETED -> Set.of(CREATED, IN_PROGRESS);
            case CLOSED -> Set.of(CREATED, STOPPED, FAILED, PUBLISHING, PUBLISHED);
            case PUBLISHING -> Set.of(PUBLISHED);
            case PUBLISHED -> Set.of();
        };
    }

    /** The word on the wire. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a task of this status is published, so that it takes no more events. */
    static boolean locked(String word) {
        return word.equals(PUBLISHED.word()) || word.equals(PUBLISHING.word());
    }

    static Optional<TaskStatus> of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word().equals(word))
                .findFirst();
    }
}
