// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;

/** Looks at the arguments of all processes all the time. */
final class ProcessList implements AutoCloseable {

    private static final Set<String> SHELLS = Set.of("sh", "dash", "bash");

    private final String mark;
    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Begins to look for a mark. */
    ProcessList(String mark) {
        this.mark = mark;
        this.thread = Thread.ofPlatform().daemon().name("process list").start(this::watch);
    }

    Set<String> seen() {
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
            String arguments = new String(Files.readAllBytes(proc.resolve("cmdline")), StandardCharsets.ISO_8859_1);
            // The shell of the launcher has what the user has typed, for the milliseconds until it has become the
            // JVM.
            if (arguments.contains(mark)
                    && !SHELLS.contains(
                            proc.resolve("exe").toRealPath().getFileName().toString())) {
                seen.add(arguments.replace('\0', ' '));
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
