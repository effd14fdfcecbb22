// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.util.Map;

/** How a task's process ended. */
public sealed interface Outcome {

    /** What happened, for the status of the task and its console. */
    String description();

    /**
     * It ended by itself.
     *
     * @param code its exit code, 0 to 255
     */
    record Exited(int code) implements Outcome {
        @Override
        public String description() {
            return "exit code " + code;
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal its number
     */
    record Signalled(int signal) implements Outcome {
        private static final Map<Integer, String> NAMES = Map.ofEntries(
                Map.entry(1, "SIGHUP"),
                Map.entry(2, "SIGINT"),
                Map.entry(3, "SIGQUIT"),
                Map.entry(4, "SIGILL"),
                Map.entry(6, "SIGABRT"),
                Map.entry(7, "SIGBUS"),
                Map.entry(8, "SIGFPE"),
                Map.entry(9, "SIGKILL"),
                Map.entry(10, "SIGUSR1"),
                Map.entry(11, "SIGSEGV"),
                Map.entry(12, "SIGUSR2"),
                Map.entry(13, "SIGPIPE"),
                Map.entry(14, "SIGALRM"),
                Map.entry(15, "SIGTERM"),
                Map.entry(24, "SIGXCPU"),
                Map.entry(25, "SIGXFSZ"));

        @Override
        public String description() {
            String name = NAMES.get(signal);
            return name == null ? "signal " + signal : "signal " + signal + " (" + name + ")";
        }
    }

    /**
     * The kernel killed it because memory ran out.
     *
     * @param peakBytes the most memory that its control group, or else the process, had in use; 0 when unknown
     */
    record OutOfMemory(long peakBytes) implements Outcome {
        @Override
        public String description() {
            return peakBytes == 0
                    ? "killed for memory"
                    : "killed for memory, peak " + (peakBytes + (1 << 20) - 1) / (1 << 20) + " MiB";
        }
    }

    /**
     * It never ran.
     *
     * @param reason what failed, with the program and the system's word
     */
    record NotStarted(String reason) implements Outcome {
        @Override
        public String description() {
            return "not started: " + reason;
        }
    }

    /**
     * How it ended is unknown; its remaining processes were killed.
     *
     * @param reason why it is unknown
     */
    record Lost(String reason) implements Outcome {
        @Override
        public String description() {
            return "lost: " + reason;
        }
    }
}
