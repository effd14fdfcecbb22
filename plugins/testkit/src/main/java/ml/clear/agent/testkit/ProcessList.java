// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;

/** Looks for a mark, such as a password, in the arguments of all processes all the time, and in their variables if asked. */
public final class ProcessList implements AutoCloseable {

    private static final Set<String> SHELLS = Set.of("sh", "dash", "bash");

    private final String mark;
    private final boolean variables;
    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Begins to look for a mark in arguments. */
    public ProcessList(String mark) {
        this(mark, false);
    }

    /** Begins to look for a mark in arguments and variables. */
    public static ProcessList withVariables(String mark) {
        return new ProcessList(mark, true);
    }

    private ProcessList(String mark, boolean variables) {
        this.mark = mark;
        this.variables = variables;
        this.thread = Thread.ofPlatform().daemon().name("process list").start(this::watch);
    }

    /** The processes that had the mark. */
    public Set<String> seen() {
        return Set.copyOf(seen);
    }

    private void watch() {
        while (!closed) {
            ProcessHandle.allProcesses().forEach(this::look);
            LockSupport.parkNanos(3_000_000);
        }
    }

    private void look(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            String arguments = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            if (variables
                    && Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1)
                            .contains(mark)) {
                seen.add("variables of " + arguments.replace('\0', ' '));
            }
            // the shell of a launcher has what the user has typed, for the milliseconds until it has become the JVM
            if (arguments.contains(mark)
                    && !SHELLS.contains(
                            proc.resolve("exe").toRealPath().getFileName().toString())) {
                seen.add(arguments.replace('\0', ' '));
            }
        } catch (IOException e) {
            // it has ended, or is of another user
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
