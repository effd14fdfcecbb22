// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.StateFile;

/**
 * The daemons of this machine that share a state folder: one file each, with the identity of its process, so that a file of
 * a process that died counts for nothing, whoever has its number now. Safe for several processes; one thread of a process.
 */
public final class LocalWorkers {

    private static final String SUFFIX = ".properties";

    private final Path folder;
    private final Predicate<ProcessIdentity> lives;

    /** Those with their files in this folder, which is made when it is missing. */
    public LocalWorkers(Path folder) {
        this(folder, ProcessIdentity::isAlive);
    }

    LocalWorkers(Path folder, Predicate<ProcessIdentity> lives) {
        this.folder = folder;
        this.lives = lives;
    }

    /**
     * Become one of them, with the smallest free number.
     *
     * @param self makes the entry of its number
     * @throws AgentException {@code LOCKED} when another one that lives has the id
     */
    public LocalWorker join(IntFunction<LocalWorker> self) {
        return exclusively(() -> {
            List<LocalWorker> others = alive();
            int slot = 0;
            while (isTaken(others, slot)) {
                slot++;
            }
            LocalWorker worker = self.apply(slot);
            others.stream()
                    .filter(other -> other.id().equals(worker.id()))
                    .findFirst()
                    .ifPresent(LocalWorkers::refuse);
            try {
                StateFile.write(file(slot), worker.facts());
            } catch (IOException e) {
                throw failed(e);
            }
            return worker;
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
                    Files.delete(file);
                }
                return self;
            } catch (IOException e) {
                throw failed(e);
            }
        });
    }

    /** Those that live, sorted by id. */
    public List<LocalWorker> alive() {
        List<LocalWorker> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                StateFile.read(file)
                        .map(LocalWorker::of)
                        .filter(worker -> lives.test(worker.process()))
                        .ifPresent(found::add);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        found.sort(Comparator.comparing(LocalWorker::id));
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

    private static boolean isTaken(List<LocalWorker> others, int slot) {
        return others.stream().anyMatch(other -> other.slot() == slot);
    }

    private Path file(int slot) {
        return folder.resolve(slot + SUFFIX);
    }

    private AgentException failed(IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot use '" + folder + "', which tells the daemons of this machine: " + cause
                        + "; check agent.state_dir",
                cause);
    }
}
