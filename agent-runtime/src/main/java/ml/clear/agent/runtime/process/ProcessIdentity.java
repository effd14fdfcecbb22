// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which process, for ever: its pid, told from a later owner of that pid by the boot and the tick it started in. No
 * wall-clock time takes part, since that moves when the clock is set.
 *
 * @param boot the kernel's boot id
 * @param pid the process id, in this process's own pid namespace
 * @param startTicks clock ticks between the boot and its start
 */
public record ProcessIdentity(String boot, long pid, long startTicks) {

    /** The identity of a process that exists now, one that has ended but was not collected included. */
    public static Optional<ProcessIdentity> of(long pid) {
        return ProcStat.read(pid).map(stat -> new ProcessIdentity(currentBoot(), pid, stat.startTicks()));
    }

    /** The identity of this process. */
    public static ProcessIdentity own() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("'/proc/" + pid + "/stat' cannot be read"));
    }

    /** The id of this boot of the machine. */
    public static String currentBoot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII)
                    .trim();
        } catch (IOException e) {
            throw new IllegalStateException("'/proc/sys/kernel/random/boot_id' cannot be read", e);
        }
    }

    /** Whether it runs. One that has ended and was not yet collected by its parent does not. */
    public boolean alive() {
        return stat().filter(ProcStat::running).isPresent();
    }

    /** Whether the machine was started again since. */
    public boolean ofEarlierBoot() {
        return !boot.equals(currentBoot());
    }

    /** Send TERM, if it is still this process that runs; whether the signal was sent. */
    public boolean terminate() {
        return signal(ProcessHandle::destroy);
    }

    /** Send KILL, if it is still this process that runs; whether the signal was sent. */
    public boolean kill() {
        return signal(ProcessHandle::destroyForcibly);
    }

    /** What the kernel says about it, running or not; empty when its pid is free or another's. */
    Optional<ProcStat> stat() {
        return ProcStat.read(pid).filter(found -> found.startTicks() == startTicks && !ofEarlierBoot());
    }

    /** The handle remembers the start too and checks it again as it signals, so no time lies between check and signal. */
    private boolean signal(Predicate<ProcessHandle> how) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return handle.isPresent() && alive() && how.test(handle.get());
    }
}
