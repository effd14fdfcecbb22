// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;

/** Repositories without working copies, one for each address, locked across threads and processes. */
final class HgMirrors {

    /** The only time limit of transfers. */
    private static final Duration TRANSFER = Duration.ofDays(1);

    private static final Duration QUICK = Duration.ofMinutes(10);

    private final HgProgram hg;
    private final Path folder;
    private final FileLocks locks;

    HgMirrors(HgProgram hg, Path folder) {
        this.hg = hg;
        this.folder = folder;
        this.locks = new FileLocks(folder);
    }

    /** Uses a mirror while it is locked. */
    interface Use<T> {
        T with(Path mirror) throws IOException, InterruptedException, HgFailure;
    }

    /** Use the mirror of an address; the folder may be absent. */
    <T> T locked(RepositoryAddress address, Use<T> use) throws IOException, InterruptedException, HgFailure {
        Path mirror = placeOf(address);
        String name = String.valueOf(mirror.getFileName());
        OwnerOnly.createFolders(folder);
        try (FileLocks.Held _ = locks.take(name, () -> {})) {
            return use.with(mirror);
        }
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

    /** Pulls everything from the remote. */
    void update(Path mirror, HgAccess access, Console console) throws IOException, InterruptedException, HgFailure {
        boolean fresh = !Files.isDirectory(mirror.resolve(".hg"));
        console.line("hg: " + (fresh ? "cloning '" : "pulling from '") + access.url() + "'");
        if (fresh) {
            Folders.delete(mirror);
            clone(mirror, access);
        } else {
            require(access.run(mirror, TRANSFER, List.of("pull", "--quiet", access.url())));
        }
    }

    /** A bookmark added after the clone is pulled only on request; a failure means that it does not exist. */
    void pullBookmark(Path mirror, HgAccess access, String name) throws InterruptedException {
        access.run(mirror, TRANSFER, List.of("pull", "--quiet", "--bookmark=" + name, access.url()));
    }

    private void clone(Path mirror, HgAccess access) throws IOException, InterruptedException, HgFailure {
        boolean done = false;
        try {
            require(access.run(
                    folder, TRANSFER, List.of("clone", "--quiet", "--noupdate", access.url(), mirror.toString())));
            done = true;
        } finally {
            if (!done) {
                Folders.delete(mirror);
            }
        }
    }

    /** Make a working copy of a commit; the store is hard-linked if the file system supports it. */
    void copy(Path mirror, String commit, HgAccess access, Path target)
            throws IOException, InterruptedException, HgFailure {
        require(hg.run(folder, QUICK, List.of("clone", "--quiet", "--noupdate", mirror.toString(), target.toString())));
        Files.writeString(target.resolve(".hg/hgrc"), "[paths]\ndefault = " + access.url() + "\n");
        // subrepositories are fetched here, with the credentials of the repository
        require(access.run(target, TRANSFER, List.of("update", "--quiet", "--clean", "--rev=" + commit)));
    }

    static void require(CommandResult result) throws HgFailure {
        if (!result.succeeded()) {
            throw new HgFailure(HgProgram.words(result));
        }
    }

    private Path placeOf(RepositoryAddress address) {
        String readable = address.name().replaceAll("[^A-Za-z0-9._-]", "_");
        String identity = address.scheme() + "://" + address.user() + "@" + address.host() + ":" + address.port()
                + address.path();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(readable + "-" + HexFormat.of().formatHex(digest, 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }
}
