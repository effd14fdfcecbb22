// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.RepositoryCache;

/**
 * The mirrors of repositories, one each, that all agents of a user share.
 *
 * <p>The folder of a repository holds generations of its mirror and the link {@code current} to the published one. An update
 * fills a new generation and moves the link, which is atomic; so a process that is killed, and a git that outlives it, leave
 * an unpublished generation and nothing else, and the next one that has the lock removes it.
 */
final class MirrorCache {

    private static final String CURRENT = "current";
    private static final String GENERATION = "generation-";

    /** Uses a published mirror while no other process can change it. */
    @FunctionalInterface
    interface Use<T> {
        T with(Mirror mirror) throws IOException, InterruptedException;
    }

    /** Updates a mirror. */
    interface Update {
        /** Whether a published mirror lacks anything. */
        boolean isNeeded(Mirror mirror) throws IOException, InterruptedException;

        /** Fill a folder that does not exist yet. */
        void create(Path folder) throws IOException, InterruptedException;

        /** Update an unpublished copy of the mirror. */
        void refresh(Mirror mirror) throws IOException, InterruptedException;
    }

    private final RepositoryCache cache;
    private final boolean cloneOnFetchFailure;
    private final GitProgram git;

    /**
     * The mirrors in a cache.
     *
     * @param cloneOnFetchFailure whether a mirror that cannot be updated is cloned again
     */
    MirrorCache(RepositoryCache cache, boolean cloneOnFetchFailure, GitProgram git) {
        this.cache = cache;
        this.cloneOnFetchFailure = cloneOnFetchFailure;
        this.git = git;
    }

    /** Bring the mirror of an address up to date and use it, both under its lock. */
    <T> T use(RepositoryAddress address, Console console, Update update, Use<T> use)
            throws IOException, InterruptedException {
        try (SharedCache.Entry entry = cache.open(address, console)) {
            Path place = entry.folder();
            Optional<Mirror> published = open(place);
            if (published.isPresent()) {
                try {
                    return use.with(updated(place, published.get(), update));
                } catch (GitFailure failure) {
                    if (!cloneOnFetchFailure && !failure.isDamage()) {
                        throw failure;
                    }
                    console.line("git: the mirror of '" + address + "' cannot be used and is cloned again: "
                            + failure.getMessage());
                }
            }
            return use.with(created(place, update));
        }
    }

    /** Whether an address has a mirror, which another process may be changing. */
    boolean has(RepositoryAddress address) {
        return Files.isRegularFile(cache.place(address).resolve(CURRENT).resolve("HEAD"));
    }

    /** Delete the mirror of an address. */
    void discard(RepositoryAddress address, Console console) throws IOException, InterruptedException {
        try (SharedCache.Entry entry = cache.open(address, console)) {
            Folders.delete(entry.folder());
        }
    }

    /** A folder that all working copies of a repository may share, such as for large files. */
    Path sharedFolder(RepositoryAddress address, String name) {
        return cache.place(address).resolve(name);
    }

    /** Evict mirrors beyond the limits of the settings. */
    void evict() {
        cache.evict();
    }

    private Optional<Mirror> open(Path place) throws IOException {
        Path current = place.resolve(CURRENT);
        if (!Files.isRegularFile(current.resolve("HEAD"))) {
            return Optional.empty();
        }
        return Optional.of(Mirror.in(current.toRealPath(), git));
    }

    private Mirror updated(Path place, Mirror published, Update update) throws IOException, InterruptedException {
        if (!update.isNeeded(published)) {
            return published;
        }
        Path staged = place.resolve(GENERATION + UUID.randomUUID());
        published.copyTo(staged);
        Mirror mirror = Mirror.in(staged, git);
        update.refresh(mirror);
        mirror.tidy();
        return publish(place, staged);
    }

    private Mirror created(Path place, Update update) throws IOException, InterruptedException {
        Files.deleteIfExists(place.resolve(CURRENT));
        removeOthers(place, place);
        Path staged = place.resolve(GENERATION + UUID.randomUUID());
        update.create(staged);
        return publish(place, staged);
    }

    private Mirror publish(Path place, Path staged) throws IOException {
        Path link = place.resolve("next");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, staged.getFileName());
        Files.move(link, place.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        removeOthers(place, staged);
        return Mirror.in(staged, git);
    }

    /** Deletes unpublished generations, which no process uses, since this one has the lock. */
    private static void removeOthers(Path place, Path published) throws IOException {
        try (DirectoryStream<Path> generations = Files.newDirectoryStream(place, GENERATION + "*")) {
            for (Path generation : generations) {
                if (!generation.equals(published)) {
                    Folders.delete(generation);
                }
            }
        }
    }
}
