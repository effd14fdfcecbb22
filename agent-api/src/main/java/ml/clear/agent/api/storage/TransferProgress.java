// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/** Receives the progress of a transfer. Called from any thread, by one at a time for one transfer; must not block. */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface TransferProgress {

    /** Listens to nothing. */
    TransferProgress NONE = (done, total) -> {};

    /**
     * Bytes have moved.
     *
     * @param done bytes so far; fewer than before when a part is sent again
     * @param total bytes in all, -1 when not known
     */
    void moved(long done, long total);
}
