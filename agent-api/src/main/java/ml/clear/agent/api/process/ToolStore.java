// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.ContentKey;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * Programs that the agent installs once for all tasks and all agents of a user, such as pip or a package manager, each in a
 * folder of its own.
 *
 * <p>A tool is known by the content of its identity. It is made at its final path under a lock, and becomes visible by one
 * rename of a small file that names its folder, so that no task uses an incomplete tool and a killed agent leaves none. A tool
 * that is older than its validity is made again in another folder; the folder before stays until the next time, since a program
 * may be running from it. Safe for several threads and processes.
 */
@Stability.Incubating(since = "0.1")
public final class ToolStore {

    private static final String CURRENT = ".current";

    /** After a renewal that failed, the tool that exists is used this long before the next attempt. */
    private static final Duration RETRY = Duration.ofHours(1);

    private final Path folder;
    private final FileLocks locks;
    private final InstantSource clock;

    /**
     * A store.
     *
     * @param folder made when the first tool is
     */
    public ToolStore(Path folder, InstantSource clock) {
        this.folder = folder.toAbsolutePath().normalize();
        this.locks = new FileLocks(this.folder.resolve("locks"));
        this.clock = clock;
    }

    /**
     * A tool.
     *
     * @param name words for folders and messages, such as {@code poetry}: lower-case letters, digits and dashes
     * @param identity all that decides what is made: versions, interpreter, indexes
     * @param validity how long it serves before it is made again
     */
    public record Tool(String name, SortedMap<String, String> identity, Duration validity) {

        private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

        /** Copies the map and checks the values. */
        public Tool {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a tool is named by lower-case letters, digits and dashes, got '" + name + "'");
            }
            identity = Collections.unmodifiableSortedMap(new TreeMap<>(identity));
            Objects.requireNonNull(validity);
        }

        private String key() {
            return name + "-" + ContentKey.of(identity).substring(0, 16);
        }
    }

    /** Makes one tool. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Install the tool.
         *
         * @param folder absolute and empty; the tool stays at this path. The caller deletes what remains after a failure
         */
        void make(Path folder) throws IOException, InterruptedException;

        /** Whether an installed tool can still be used, such as one whose interpreter exists; looks at files only. */
        default boolean usable(Path folder) {
            return true;
        }
    }

    /**
     * The folder of a tool, which is made when it does not exist, is too old or is not usable. When a tool that is too old
     * cannot be made again, it is used as it is.
     *
     * @param console reports that another task makes the tool
     * @throws AgentException {@code FILE_SYSTEM} when the folder cannot be written; what the maker throws
     */
    public Path provide(Tool tool, Maker maker, Console console) throws InterruptedException {
        String key = tool.key();
        try {
            Optional<Path> existing = current(key, maker);
            if (existing.isPresent() && fresh(key, tool)) {
                return existing.get();
            }
            try (FileLocks.Held _ =
                    locks.take(key, () -> console.line("Waiting for another task that installs " + tool.name()))) {
                existing = current(key, maker);
                if (existing.isPresent() && fresh(key, tool)) {
                    return existing.get();
                }
                return existing.isPresent() ? renew(tool, maker, existing.get(), console) : make(key, maker);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot install " + tool.name() + " in '" + folder + "': " + e.getMessage(),
                    e);
        }
    }

    private Path renew(Tool tool, Maker maker, Path existing, Console console)
            throws IOException, InterruptedException {
        String key = tool.key();
        try {
            return make(key, maker);
        } catch (AgentException | IOException e) {
            console.line("Keeping the installed " + tool.name() + ", since a newer one cannot be installed: "
                    + e.getMessage());
            Instant again = clock.instant().minus(tool.validity()).plus(RETRY);
            Files.setLastModifiedTime(pointer(key), FileTime.from(again));
            return existing;
        }
    }

    private Path make(String key, Maker maker) throws IOException, InterruptedException {
        Optional<String> before = pointed(key);
        for (Path left : generations(key)) {
            if (!before.equals(Optional.of(left.getFileName().toString()))) {
                Folders.delete(left);
            }
        }
        Path generation = folder.resolve(key + "." + UUID.randomUUID());
        Files.createDirectories(generation);
        boolean made = false;
        try {
            maker.make(generation);
            OwnerOnly.replace(pointer(key), generation.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            Files.setLastModifiedTime(pointer(key), FileTime.from(clock.instant()));
            made = true;
            return generation;
        } finally {
            if (!made) {
                Folders.delete(generation);
            }
        }
    }

    private Optional<Path> current(String key, Maker maker) throws IOException {
        return pointed(key).map(folder::resolve).filter(Files::isDirectory).filter(maker::usable);
    }

    private Optional<String> pointed(String key) throws IOException {
        Path pointer = pointer(key);
        return Files.isRegularFile(pointer)
                ? Optional.of(Files.readString(pointer).strip())
                : Optional.empty();
    }

    private boolean fresh(String key, Tool tool) throws IOException {
        Instant made = Files.getLastModifiedTime(pointer(key)).toInstant();
        return clock.instant().isBefore(made.plus(tool.validity()));
    }

    private Path pointer(String key) {
        return folder.resolve(key + CURRENT);
    }

    private List<Path> generations(String key) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> entry.getFileName().toString().startsWith(key + "."))
                    .toList();
        }
    }
}
