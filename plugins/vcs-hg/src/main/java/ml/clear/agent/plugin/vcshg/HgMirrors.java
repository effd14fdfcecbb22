// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.RepositoryCache;

/** Repositories without working copies, one for each address, in the cache that all version control systems share. */
final class HgMirrors {

    /** The only time limit of transfers. */
    private static final Duration TRANSFER = Duration.ofDays(1);

    private static final Duration QUICK = Duration.ofMinutes(10);
    private static final Path ANYWHERE = Path.of("/");
    private static final String MIRROR = "mirror";

    private final HgProgram hg;
    private final RepositoryCache cache;
    private final boolean cloneOnPullFailure;

    /**
     * The mirrors in a cache.
     *
     * @param cloneOnPullFailure whether a mirror that cannot be updated is cloned again
     */
    HgMirrors(HgProgram hg, RepositoryCache cache, boolean cloneOnPullFailure) {
        this.hg = hg;
        this.cache = cache;
        this.cloneOnPullFailure = cloneOnPullFailure;
    }

    /** Uses a mirror while it is locked. */
    interface Use<T> {
        T with(Path mirror) throws IOException, InterruptedException, HgFailure;
    }

    /** Use the mirror of an address; the folder may be absent. */
    <T> T locked(RepositoryAddress address, Console console, Use<T> use)
            throws IOException, InterruptedException, HgFailure {
        try (SharedCache.Entry entry = cache.open(address, console)) {
            return use.with(entry.folder().resolve(MIRROR));
        }
    }

    /** Whether an address has a mirror. */
    boolean has(RepositoryAddress address) {
        return Files.isDirectory(cache.place(address).resolve(MIRROR));
    }

    /** Evict mirrors beyond the limits of the settings. */
    void evict() {
        cache.evict();
    }

    /** The commit that an hg revision set resolves to; an empty text when the mirror has none. */
    String commit(Path mirror, String revision) throws InterruptedException {
        if (!Files.isDirectory(mirror.resolve(".hg"))) {
            return "";
        }
        CommandResult found =
                hg.run(mirror, QUICK, List.of("log", "--limit=1", "--rev=" + revision, "--template={node}"));
        return found.succeeded() ? found.output().strip() : "";
    }

    /** Clones the remote, or pulls everything from it. */
    void update(Path mirror, HgAccess access, Console console) throws IOException, InterruptedException, HgFailure {
        if (!Files.isDirectory(mirror.resolve(".hg"))) {
            clone(mirror, access, console);
            return;
        }
        console.line("hg: pulling from '" + access.url() + "'");
        CommandResult pulled = access.run(mirror, TRANSFER, List.of("pull", "--quiet", access.url()));
        if (!pulled.succeeded() && cloneOnPullFailure) {
            console.line("hg: the mirror of '" + access.url() + "' cannot be updated and is cloned again: "
                    + HgProgram.words(pulled));
            clone(mirror, access, console);
        } else {
            require(pulled);
        }
    }

    /** A bookmark added after the clone is pulled only on request; a failure means that it does not exist. */
    void pullBookmark(Path mirror, HgAccess access, String name) throws InterruptedException {
        access.run(mirror, TRANSFER, List.of("pull", "--quiet", "--bookmark=" + name, access.url()));
    }

    /** Clone the remote without its files, in place of what the folder holds. */
    void clone(Path folder, HgAccess access, Console console) throws IOException, InterruptedException, HgFailure {
        console.line("hg: cloning '" + access.url() + "'");
        Folders.delete(folder);
        boolean done = false;
        try {
            require(access.run(
                    ANYWHERE, TRANSFER, List.of("clone", "--quiet", "--noupdate", access.url(), folder.toString())));
            done = true;
        } finally {
            if (!done) {
                Folders.delete(folder);
            }
        }
    }

    /** Make a copy of a mirror; the store is hard-linked if the file system supports it. */
    void copy(Path mirror, HgAccess access, Path target) throws IOException, InterruptedException, HgFailure {
        require(hg.run(
                ANYWHERE, QUICK, List.of("clone", "--quiet", "--noupdate", mirror.toString(), target.toString())));
        Files.writeString(target.resolve(".hg/hgrc"), "[paths]\ndefault = " + access.url() + "\n");
    }

    /** Write the files of a commit; subrepositories are fetched here, with the credentials of the repository. */
    void writeFiles(Path target, String commit, HgAccess access) throws InterruptedException, HgFailure {
        require(access.run(target, TRANSFER, List.of("update", "--quiet", "--clean", "--rev=" + commit)));
    }

    static void require(CommandResult result) throws HgFailure {
        if (!result.succeeded()) {
            throw new HgFailure(HgProgram.words(result));
        }
    }
}
