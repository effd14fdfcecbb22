// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import ml.clear.agent.api.Stability;

/**
 * How a program ended.
 *
 * @param exitCode its exit code; for one that a signal ended, 128 and the number of the signal
 * @param output what it wrote to its standard output, decoded as UTF-8, at most the last 1 MiB
 * @param errors what it wrote to its standard error, likewise
 */
@Stability.Incubating(since = "0.1")
public record CommandResult(int exitCode, String output, String errors) {

    /** Whether it ended with 0. */
    public boolean succeeded() {
        return exitCode == 0;
    }
}
