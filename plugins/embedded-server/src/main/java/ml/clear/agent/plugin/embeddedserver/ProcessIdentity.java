// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process, told apart from a later one with the same number by the boot and the start time in clock ticks: wall-clock
 * times move when the clock is set.
 *
 * @param pid its number
 * @param bootId the boot of the machine
 * @param startTicks field 22 of {@code /proc/<pid>/stat}
 */
record ProcessIdentity(long pid, String bootId, long startTicks) {

    private static final int START_TICKS_AFTER_NAME = 19;

    static ProcessIdentity own() throws IOException {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, boot(), ticks(pid));
    }

    /** Whether this very process lives. */
    boolean alive() {
        try {
            return pid > 0 && bootId.equals(boot()) && startTicks == ticks(pid);
        } catch (IOException e) {
            return false; // no such process
        }
    }

    private static String boot() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        // The name of the program, in parentheses, may hold blanks and parentheses itself.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[START_TICKS_AFTER_NAME]);
    }
}
