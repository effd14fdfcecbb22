// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.StateFile;

/**
 * What the keeper wrote down when it collected the task's process.
 *
 * @param process the process that ended
 * @param outcome how
 * @param time when, by the machine's clock
 * @param residentBytes the most memory that the process itself had in use
 * @param left processes that it left behind, each as pid and name; at most 50
 */
public record ExitRecord(
        ProcessIdentity process, Outcome outcome, Instant time, long residentBytes, List<String> left) {

    private static final int SIGKILL = 9;

    /** Copies the list. */
    public ExitRecord {
        left = List.copyOf(left);
    }

    static ExitRecord from(StateFile facts) {
        return new ExitRecord(
                RunningProcess.identity(facts),
                outcome(facts),
                Instant.ofEpochMilli(facts.requiredNumber("time")),
                facts.number("resident", 0),
                LongStream.range(0, Math.min(50, facts.number("left", 0)))
                        .mapToObj(number -> facts.required("left." + number))
                        .toList());
    }

    private static Outcome outcome(StateFile facts) {
        if (facts.text("trouble").isPresent()) {
            return new Outcome.NotStarted(facts.required("trouble"));
        }
        if (facts.text("code").isPresent()) {
            return new Outcome.Exited((int) facts.requiredNumber("code"));
        }
        int signal = (int) facts.requiredNumber("signal");
        if (signal == SIGKILL && facts.number("memoryKills", 0) > 0) {
            long peak = facts.number("peak", 0);
            return new Outcome.OutOfMemory(peak > 0 ? peak : facts.number("resident", 0));
        }
        return new Outcome.Signalled(signal);
    }
}
