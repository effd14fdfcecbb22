// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.StateFile;

/**
 * The daemons of this machine that share a state folder: one file each, with the identity of its process, so that a file of
 * a process that died counts for nothing, even when another process has its number now. The agents of other home folders, and the Python's, are
 * seen by their {@link SlotFiles}. Safe for several processes; one thread of a process.
 */
public final class LocalWorkers {

    private static final System.Logger LOG = System.getLogger(LocalWorkers.class.getName());
    private static final String SUFFIX = ".properties";
    private static final String LEFT = ".left";

    /** The server forgets a worker that does not report after this time, so a worker that left may still be known there. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final Path folder;
    private final SlotFiles shared;
    private final Predicate<ProcessIdentity> lives;

    /**
     * Those with their files in this folder, which is made when it is missing.
     *
     * @param shared the numbers of the machine's other agents
     */
    public LocalWorkers(Path folder, SlotFiles shared) {
        this(folder, shared, ProcessIdentity::isAlive);
    }

    LocalWorkers(Path folder, SlotFiles shared, Predicate<ProcessIdentity> lives) {
        this.folder = folder;
        this.shared = shared;
        this.lives = lives;
    }

    /**
     * Register this process with the smallest free number.
     *
     * @param self creates the entry for a number
     * @param elsewhere the ids of workers that are alive according to the server; recent ids of this state folder are
     *     ignored
     * @throws AgentException {@code LOCKED} when another live worker has the id
     */
    public LocalWorker join(IntFunction<LocalWorker> self, Set<String> elsewhere) {
        return exclusively(() -> shared.exclusively(() -> {
            List<LocalWorker> others = alive();
            List<SlotFiles.Taken> foreign = shared.others();
            foreign.removeIf(other -> isDeadOne(other.pid())); // another process has the number of one of ours
            Set<String> strangers = new HashSet<>(elsewhere);
            strangers.removeAll(ownIds());
            boolean numbered = !self.apply(0).id().equals(self.apply(1).id());
            int slot = 0;
            while (isTaken(others, foreign, slot)
                    || (numbered && strangers.contains(self.apply(slot).id()))) {
                slot++;
            }
            LocalWorker worker = self.apply(slot);
            refuseTwice(worker, others, foreign);
            if (strangers.contains(worker.id())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a worker ''{0}'' reports from elsewhere; give each agent a unique id with agent.worker_id",
                        worker.id());
            }
            try {
                StateFile.write(file(slot), worker.facts());
            } catch (IOException e) {
                throw failed(e);
            }
            shared.write(worker);
            return worker;
        }));
    }

    private static void refuseTwice(LocalWorker worker, List<LocalWorker> others, List<SlotFiles.Taken> foreign) {
        others.stream()
                .filter(other -> other.id().equals(worker.id()))
                .findFirst()
                .ifPresent(LocalWorkers::refuse);
        foreign.stream()
                .filter(other -> other.id().equals(worker.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw new AgentException(
                            ErrorCode.LOCKED,
                            "Instance with the same WORKER_ID [" + other.id() + "] is already running, as process '"
                                    + other.pid() + "' of another agent; stop it there, or set agent.worker_id");
                });
    }

    private static void refuse(LocalWorker other) {
        throw new AgentException(
                ErrorCode.LOCKED,
                "Instance with the same WORKER_ID [" + other.id() + "] is already running, as process '"
                        + other.process().pid() + "'; stop it with: clearml-agent daemon --stop " + other.id());
    }

    /** Be one of them no more. */
    public void leave(LocalWorker self) {
        exclusively(() -> {
            try {
                Path file = file(self.slot());
                if (StateFile.read(file)
                        .map(LocalWorker::of)
                        .filter(self::equals)
                        .isPresent()) {
                    Files.move(file, left(self.slot()), StandardCopyOption.REPLACE_EXISTING);
                    Files.setLastModifiedTime(left(self.slot()), FileTime.from(Instant.now()));
                }
                shared.remove(self);
                return self;
            } catch (IOException e) {
                throw failed(e);
            }
        });
    }

    /** The live workers, sorted by id. */
    public List<LocalWorker> alive() {
        return files(SUFFIX).stream()
                .flatMap(file -> StateFile.read(file).map(LocalWorker::of).stream())
                .filter(worker -> lives.test(worker.process()))
                .sorted(Comparator.comparing(LocalWorker::id))
                .toList();
    }

    /**
     * The ids of this folder that the server may still list: of workers that died, and of workers that left recently.
     */
    private Set<String> ownIds() {
        List<Path> files = new ArrayList<>(files(SUFFIX));
        files.addAll(files(LEFT));
        return files.stream()
                .filter(file -> file.toString().endsWith(SUFFIX) || isYoung(file))
                .flatMap(file -> StateFile.read(file).map(LocalWorker::of).stream())
                .map(LocalWorker::id)
                .collect(Collectors.toSet());
    }

    private static boolean isYoung(Path file) {
        try {
            Instant since = Files.getLastModifiedTime(file).toInstant();
            return since.isAfter(Instant.now().minus(FORGOTTEN));
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> files(String suffix) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + suffix)) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw failed(e);
        }
        return found;
    }

    /** Do something that no other process of this folder does at the same time. */
    <T> T exclusively(Supplier<T> step) {
        try {
            OwnerOnly.createFolders(folder);
            try (FileChannel channel =
                    OwnerOnly.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock(); // goes with the channel, and with the process
                return step.get();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static boolean isTaken(List<LocalWorker> others, List<SlotFiles.Taken> foreign, int slot) {
        return others.stream().anyMatch(other -> other.slot() == slot)
                || foreign.stream().anyMatch(other -> other.slot().orElse(-1) == slot);
    }

    private boolean isDeadOne(long pid) {
        return files(SUFFIX).stream()
                .flatMap(file -> StateFile.read(file).map(LocalWorker::of).stream())
                .anyMatch(worker -> worker.process().pid() == pid && !lives.test(worker.process()));
    }

    private Path left(int slot) {
        return folder.resolve(slot + LEFT);
    }

    private Path file(int slot) {
        return folder.resolve(slot + SUFFIX);
    }

    private AgentException failed(IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot use '" + folder + "', which lists the daemons of this machine: " + cause
                        + "; check agent.state_dir",
                cause);
    }
}
