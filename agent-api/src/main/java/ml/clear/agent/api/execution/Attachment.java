// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/** What an executor answers when it is asked for an execution that an earlier process started. */
@Stability.Incubating(since = "0.1")
public sealed interface Attachment {

    /**
     * It is there, running or ended.
     *
     * @param execution the execution
     */
    record Found(Execution execution) implements Attachment {

        /** Checks for absence. */
        public Found {
            Objects.requireNonNull(execution);
        }
    }

    /**
     * It is not there, for certain: it was never started, or has ended and left no trace.
     *
     * @param reason what is known about it
     */
    record Gone(String reason) implements Attachment {

        /** Checks for absence. */
        public Gone {
            Objects.requireNonNull(reason);
        }
    }

    /**
     * The state cannot be determined now, for instance because a scheduler does not answer; the execution may be
     * running. The caller retries.
     *
     * @param reason what is wrong
     */
    record Unknown(String reason) implements Attachment {

        /** Checks for absence. */
        public Unknown {
            Objects.requireNonNull(reason);
        }
    }
}
