// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/<pid>/stat}, see proc_pid_stat(5).
 *
 * @param pid the process
 * @param name its command name, which may hold blanks and parentheses
 * @param state its state letter
 * @param parent its parent
 * @param group its process group
 * @param session its session
 * @param startTicks when it started, in clock ticks since boot: field 22
 */
record ProcStat(long pid, String name, char state, long parent, long group, long session, long startTicks) {

    private static final Path PROC = Path.of("/proc");

    /** The kernel's data about a process; empty when there is no such process. */
    static Optional<ProcStat> read(long pid) {
        try {
            String text =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(parse(text));
        } catch (IOException | IllegalArgumentException e) {
            // The process has ended or is ending: its file cannot be opened or read, or is empty.
            return Optional.empty();
        }
    }

    /** Every process that this one may see. */
    static List<ProcStat> all() {
        List<ProcStat> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                read(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("cannot list '/proc'; the agent needs it to follow processes", e);
        }
        return found;
    }

    /**
     * The children of a process that has one thread, orphans that it adopted included.
     *
     * @return empty when it has ended, or the kernel was built without the list
     */
    static Optional<List<Long>> children(long pid) {
        Path list = PROC.resolve(Long.toString(pid))
                .resolve("task")
                .resolve(Long.toString(pid))
                .resolve("children");
        try {
            String text = Files.readString(list, StandardCharsets.US_ASCII).strip();
            return Optional.of(
                    text.isEmpty()
                            ? List.of()
                            : Arrays.stream(text.split(" ", -1))
                                    .map(Long::valueOf)
                                    .toList());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("not a line of /proc/<pid>/stat: '" + line + "'");
        }
        String[] rest = line.substring(close + 1).trim().split(" ", -1);
        if (rest.length < 20) {
            throw new IllegalArgumentException("a short line of /proc/<pid>/stat: '" + line + "'");
        }
        return new ProcStat(
                Long.parseLong(line.substring(0, open).trim()),
                line.substring(open + 1, close),
                rest[0].charAt(0),
                Long.parseLong(rest[1]),
                Long.parseLong(rest[2]),
                Long.parseLong(rest[3]),
                Long.parseLong(rest[19]));
    }

    /** Whether it still runs: one that ended and waits for its parent does not. */
    boolean running() {
        return state != 'Z' && state != 'X' && state != 'x';
    }
}
