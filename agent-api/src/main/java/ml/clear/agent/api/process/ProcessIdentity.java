// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.Stability;

/**
 * One process of this machine for ever: a number alone is given to another process sooner or later, and a wall-clock time
 * moves when the clock is set.
 *
 * @param bootId the identity of the machine's run, from {@code /proc/sys/kernel/random/boot_id}
 * @param pid the number
 * @param startTicks when it started, in clock ticks since the boot ({@code /proc/<pid>/stat}, field 22)
 */
@Stability.Incubating(since = "0.1")
public record ProcessIdentity(String bootId, long pid, long startTicks) {

    private static final Path PROC = Path.of("/proc");

    /** Where the state stands among the fields behind the name in parentheses. */
    private static final int STATE = 0;

    /** Where the start time stands among the fields behind the name in parentheses. */
    private static final int START_TICKS = 19;

    /** Checks the number. */
    public ProcessIdentity {
        Objects.requireNonNull(bootId);
        if (pid <= 0) {
            throw new IllegalArgumentException("a process has a positive number, got " + pid);
        }
    }

    /**
     * The identity of the process that has this number now; empty when none has, or it has ended and waits to be reaped.
     *
     * @throws IllegalStateException when the system cannot be asked now, for instance without a free file handle
     */
    public static Optional<ProcessIdentity> of(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            // The name may hold spaces and parentheses; the last parenthesis ends it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new ProcessIdentity(currentBoot(), pid, Long.parseLong(fields[START_TICKS])));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            // Such as too many open files: that says nothing about the process.
            throw new IllegalStateException("cannot look up process " + pid + " in /proc: " + e, e);
        } catch (IOException e) {
            return Optional.empty(); // it ended between open and read
        }
    }

    /** This process. */
    public static ProcessIdentity current() {
        return of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("this process is not in /proc; is it mounted?"));
    }

    /**
     * Read what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static ProcessIdentity parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("expected boot:pid:ticks, got '" + text + "'");
        }
        return new ProcessIdentity(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    /** Whether this very process lives. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Whether the machine has not restarted since. */
    public boolean isOfThisBoot() {
        return bootId.equals(currentBoot());
    }

    /** Ask it to end (SIGTERM), if it lives. */
    public void terminate() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** End it (SIGKILL), if it lives. */
    public void kill() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** The three parts, joined by colons. */
    @Override
    public String toString() {
        return bootId + ":" + pid + ":" + startTicks;
    }

    private static String currentBoot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the boot id from /proc; is it mounted?", e);
        }
    }
}
