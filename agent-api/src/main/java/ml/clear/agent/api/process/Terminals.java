// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/** Finds out what is behind the outputs of this process. */
@Stability.Incubating(since = "0.1")
public final class Terminals {

    /** The number of the standard output. */
    public static final int OUT = 1;

    /** The number of the standard error. */
    public static final int ERR = 2;

    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty.*|console)");

    private Terminals() {}

    /**
     * Whether an output is a terminal on which lines can be written anew.
     *
     * @param environment the variables of the agent, where {@code TERM} counts
     * @param descriptor {@link #OUT} or {@link #ERR}
     */
    public static boolean canMove(Map<String, String> environment, int descriptor) {
        String term = environment.getOrDefault("TERM", "");
        if (term.isEmpty() || term.equals("dumb")) {
            return false;
        }
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return TERMINAL.matcher(target.toString()).matches();
        } catch (IOException e) {
            return false; // closed, or not Linux
        }
    }
}
