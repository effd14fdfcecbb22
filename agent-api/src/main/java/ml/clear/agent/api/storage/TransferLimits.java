// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/**
 * How the transfer of one large object is divided.
 *
 * @param threshold bytes from which an object is moved in parts
 * @param partSize bytes of a part
 * @param concurrency most parts under way at once, at least 1
 */
@Stability.Incubating(since = "0.1")
public record TransferLimits(long threshold, long partSize, int concurrency) {

    /** Parts of 8 MiB, eight at once. */
    public static final TransferLimits DEFAULT = new TransferLimits(8 << 20, 8 << 20, 8);

    /** Checks the bounds. */
    public TransferLimits {
        if (threshold < 0 || partSize < 1 || concurrency < 1) {
            throw new IllegalArgumentException("parts of " + partSize + " bytes, " + concurrency + " at once, from "
                    + threshold + " bytes: each must be positive");
        }
    }
}
