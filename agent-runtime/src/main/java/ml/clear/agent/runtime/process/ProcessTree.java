// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import ml.clear.agent.api.process.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Everything that descends from a task. A process belongs to it when one of these holds:
 *
 * <ul>
 *   <li>it descends from the keeper, to which the kernel gives every orphan of the task as long as the keeper lives
 *   <li>it is in the session or process group of the task's process
 *   <li>it carries the execution's marker in its environment
 *   <li>it was seen to belong before, by this object
 *   <li>it descends from one that belongs
 * </ul>
 *
 * <p>Safe for several threads.
 */
public final class ProcessTree {

    /** The variable that holds the marker. */
    public static final String VARIABLE = "CLEARML_AGENT_EXECUTION";

    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final Duration BETWEEN_PASSES = Duration.ofMillis(10);

    private final Collection<ProcessIdentity> roots;
    private final Optional<ProcessIdentity> keeper;
    private final byte[] marker;
    private final boolean markerMayGoOn;
    private final long earliest;
    private final Set<ProcessIdentity> seen = new HashSet<>();

    private ProcessTree(
            Optional<ProcessIdentity> keeper, Optional<ProcessIdentity> process, String marker, boolean markerMayGoOn) {
        this.keeper = keeper;
        this.roots = process.map(List::of).orElse(List.of());
        this.marker = marker.getBytes(StandardCharsets.UTF_8);
        this.markerMayGoOn = markerMayGoOn;
        this.earliest =
                keeper.or(() -> process).map(ProcessIdentity::startTicks).orElse(0L);
    }

    /**
     * The tree below a process of ours that has no keeper.
     *
     * @param marker a variable and its value, as they are in the environment of that process and of no other
     */
    static ProcessTree below(ProcessIdentity process, String marker) {
        return new ProcessTree(Optional.empty(), Optional.of(process), marker, false);
    }

    /**
     * The tree of an execution.
     *
     * @param marker the value of {@link #VARIABLE} in the environment of its processes
     */
    public static ProcessTree of(Optional<ProcessIdentity> keeper, Optional<ProcessIdentity> process, String marker) {
        return new ProcessTree(keeper, process, VARIABLE + "=" + marker, false);
    }

    /** What is left of the executions of a task, whose folder may not record all of them. */
    public static ProcessTree ofTask(Optional<ProcessIdentity> keeper, Optional<ProcessIdentity> process, String task) {
        return new ProcessTree(keeper, process, VARIABLE + "=" + task + "-", true);
    }

    /** Look once; what is found is remembered, so that it still belongs when it has left session and parents. */
    public synchronized List<ProcessIdentity> members() {
        Map<Long, ProcStat> all = new LinkedHashMap<>();
        ProcStat.all().forEach(stat -> all.put(stat.pid(), stat));
        String boot = ProcessIdentity.current().bootId();
        seen.removeIf(identity -> !is(all.get(identity.pid()), identity, boot));
        Set<Long> found = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>();
        keeper.filter(identity -> is(all.get(identity.pid()), identity, boot))
                .ifPresent(identity -> open.add(identity.pid()));
        for (ProcStat stat : all.values()) {
            if (belongs(stat, all, boot)) {
                open.add(stat.pid());
                found.add(stat.pid());
            }
        }
        Map<Long, List<Long>> children = new HashMap<>();
        all.values()
                .forEach(stat -> children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>())
                        .add(stat.pid()));
        while (!open.isEmpty()) {
            for (long child : children.getOrDefault(open.pop(), List.of())) {
                if (found.add(child)) {
                    open.add(child);
                }
            }
        }
        keeper.ifPresent(identity -> found.remove(identity.pid()));
        found.remove(ProcessHandle.current().pid());
        List<ProcessIdentity> members = new ArrayList<>();
        for (long pid : found) {
            ProcStat stat = all.get(pid);
            if (stat != null && stat.running()) {
                members.add(new ProcessIdentity(boot, pid, stat.startTicks()));
            }
        }
        seen.addAll(members);
        return members;
    }

    /**
     * Record the descendants of the keeper while it lives: once it has ended, orphans can no longer be traced. Reads
     * only the children of these processes, not every process of the machine.
     */
    public synchronized void watch() {
        Optional<List<Long>> children = keeper.flatMap(identity -> ProcStat.children(identity.pid()));
        if (children.isEmpty()) {
            members();
            return;
        }
        String boot = ProcessIdentity.current().bootId();
        seen.removeIf(identity -> !identity.isAlive());
        Deque<Long> open = new ArrayDeque<>(children.get());
        while (!open.isEmpty()) {
            Optional<ProcStat> stat = ProcStat.read(open.pop()).filter(ProcStat::running);
            if (stat.isPresent()) {
                long pid = stat.get().pid();
                seen.add(new ProcessIdentity(boot, pid, stat.get().startTicks()));
                open.addAll(ProcStat.children(pid).orElse(List.of()));
            }
        }
    }

    /**
     * Whether no process of the tree lives any more. While a known process lives, no other process of the machine is
     * examined, so frequent calls are cheap.
     */
    public synchronized boolean isOver() {
        return seen.stream().noneMatch(ProcessIdentity::isAlive) && members().isEmpty();
    }

    /** Send TERM once to every process of the task's process group, including processes that appear meanwhile. */
    public void terminate() {
        Set<ProcessIdentity> signalled = new HashSet<>();
        boolean news = true;
        while (news) {
            news = false;
            for (ProcessIdentity member : group()) {
                if (signalled.add(member)) {
                    member.terminate();
                    news = true;
                }
            }
        }
    }

    /**
     * Send KILL until two passes in a row find nothing that lives.
     *
     * @return what is alive still when the time for it is over, such as a process in uninterruptible sleep
     */
    public List<ProcessIdentity> kill() {
        long deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        int quiet = 0;
        List<ProcessIdentity> members = List.of();
        while (quiet < 2 && System.nanoTime() - deadline < 0) {
            members = members();
            members.forEach(ProcessIdentity::kill);
            quiet = members.isEmpty() ? quiet + 1 : 0;
            LockSupport.parkNanos(BETWEEN_PASSES.toNanos());
        }
        return members;
    }

    private List<ProcessIdentity> group() {
        String boot = ProcessIdentity.current().bootId();
        List<ProcessIdentity> group = new ArrayList<>();
        for (ProcessIdentity root : roots) {
            // The id of a process group is reused only after its leader was reaped and its members have ended.
            Optional<ProcStat> leader = ProcStat.read(root.pid());
            if (is(leader.orElse(null), root, boot)) {
                for (ProcStat stat : ProcStat.all()) {
                    if (stat.group() == root.pid() && stat.running()) {
                        group.add(new ProcessIdentity(boot, stat.pid(), stat.startTicks()));
                    }
                }
            }
        }
        return group;
    }

    private boolean belongs(ProcStat stat, Map<Long, ProcStat> all, String boot) {
        if (stat.startTicks() < earliest) {
            return false; // it is older than the first of the tree
        }
        ProcessIdentity identity = new ProcessIdentity(boot, stat.pid(), stat.startTicks());
        if (seen.contains(identity) || roots.contains(identity)) {
            return true;
        }
        return ofSession(stat, all, boot) || carriesMarker(stat.pid());
    }

    /**
     * The id of a session is the pid of its leader, and is not reused while a member lives. Once the leader has ended,
     * the id may belong to another session, so it proves nothing any more.
     */
    private boolean ofSession(ProcStat stat, Map<Long, ProcStat> all, String boot) {
        for (ProcessIdentity root : roots) {
            if ((stat.session() == root.pid() || stat.group() == root.pid()) && is(all.get(root.pid()), root, boot)) {
                return true;
            }
        }
        return false;
    }

    private boolean carriesMarker(long pid) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
        } catch (IOException e) {
            return false; // it has ended, or belongs to another user
        }
        int start = 0;
        for (int i = 0; i <= environment.length; i++) {
            if (i == environment.length || environment[i] == 0) {
                if ((markerMayGoOn ? i - start >= marker.length : i - start == marker.length)
                        && Arrays.equals(environment, start, start + marker.length, marker, 0, marker.length)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static boolean is(@Nullable ProcStat stat, ProcessIdentity identity, String boot) {
        return stat != null
                && stat.startTicks() == identity.startTicks()
                && identity.bootId().equals(boot);
    }
}
