// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.process.ProcessIdentity;

/** Finds the process of an attempt by an environment variable, for a start whose process was not recorded. */
final class Attempts {

    /** The variable; the execute process does not pass it on to its children. */
    static final String VARIABLE = "CLEARML_AGENT_ATTEMPT";

    private static final Path PROC = Path.of("/proc");

    private Attempts() {}

    /** The oldest process with the variable; descendants of the execute process may have it too. */
    static Optional<ProcessIdentity> processOf(AttemptId attempt) {
        String wanted = VARIABLE + "=" + attempt;
        return ProcessHandle.allProcesses()
                .filter(process -> carries(process.pid(), wanted))
                .flatMap(process -> ProcessIdentity.of(process.pid()).stream())
                .min((left, right) -> Long.compare(left.startTicks(), right.startTicks()));
    }

    private static boolean carries(long pid, String wanted) {
        try {
            String environment =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            return Arrays.asList(environment.split("\0", -1)).contains(wanted);
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }
}
