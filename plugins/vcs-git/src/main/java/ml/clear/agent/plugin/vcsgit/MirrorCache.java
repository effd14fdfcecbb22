// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import org.eclipse.jgit.errors.MissingObjectException;

/**
 * The mirrors of repositories, one each, that all agents of a user share. A mirror is made beside its place and renamed
 * into it, so it is whole or absent.
 */
final class MirrorCache {

    /** What is done with a mirror while nobody else can. */
    @FunctionalInterface
    interface Use<T> {
        T with(Mirror mirror) throws IOException, InterruptedException;
    }

    /** Fills or updates a mirror. */
    @FunctionalInterface
    interface Fill {
        void into(Mirror mirror, boolean fresh) throws IOException;
    }

    private final Path folder;
    private final boolean cloneOnFetchFailure;

    /**
     * @param folder where the mirrors lie; made when needed
     * @param cloneOnFetchFailure whether a mirror that cannot be updated is made anew
     */
    MirrorCache(Path folder, boolean cloneOnFetchFailure) {
        this.folder = folder;
        this.cloneOnFetchFailure = cloneOnFetchFailure;
    }

    /** Bring the mirror of an address up to date and use it, both under its lock. */
    <T> T use(RepositoryAddress address, Console console, Fill fill, Use<T> use)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String name = nameOf(address);
        Path place = folder.resolve(name);
        try (MirrorLock _ = MirrorLock.acquire(folder.resolve(name + ".lock"), console)) {
            if (Files.isDirectory(place)) {
                try {
                    return updated(place, fill, use);
                } catch (DamagedMirror damage) {
                    console.line("git: the mirror of '" + address + "' cannot be used and is made anew: "
                            + damage.getMessage());
                    Folders.delete(place);
                }
            }
            return created(place, fill, use);
        }
    }

    private <T> T updated(Path place, Fill fill, Use<T> use) throws IOException, InterruptedException {
        try (Mirror mirror = Mirror.open(place)) {
            mirror.removeStaleLocks();
            try {
                fill.into(mirror, false);
            } catch (IOException e) {
                throw cloneOnFetchFailure || isDamage(e) ? new DamagedMirror(e) : e;
            }
            try {
                mirror.tidy();
                return use.with(mirror);
            } catch (IOException e) {
                throw isDamage(e) ? new DamagedMirror(e) : e;
            }
        } catch (org.eclipse.jgit.errors.RepositoryNotFoundException e) {
            throw new DamagedMirror(e);
        }
    }

    private <T> T created(Path place, Fill fill, Use<T> use) throws IOException, InterruptedException {
        removeRemains(place);
        Path beside = place.resolveSibling(place.getFileName() + ".new-" + UUID.randomUUID());
        try {
            try (Mirror mirror = Mirror.create(beside)) {
                fill.into(mirror, true);
            }
            Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(beside);
        }
        try (Mirror mirror = Mirror.open(place)) {
            return use.with(mirror);
        }
    }

    /** What a killed process left of this mirror. We hold the lock, so that nobody is filling it. */
    private void removeRemains(Path place) throws IOException {
        try (DirectoryStream<Path> remains = Files.newDirectoryStream(folder, place.getFileName() + ".new-*")) {
            for (Path remain : remains) {
                Folders.delete(remain);
            }
        }
    }

    private static boolean isDamage(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MissingObjectException
                    || cause instanceof org.eclipse.jgit.errors.CorruptObjectException
                    || cause instanceof org.eclipse.jgit.errors.PackMismatchException
                    || cause instanceof org.eclipse.jgit.errors.UnpackException) {
                return true;
            }
        }
        return false;
    }

    private static String nameOf(RepositoryAddress address) {
        String readable = address.name().replaceAll("[^A-Za-z0-9._-]", "_");
        String identity = address.scheme() + "://" + address.user() + "@" + address.host() + ":" + address.port()
                + address.path();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return readable + "-" + HexFormat.of().formatHex(digest, 0, 8) + ".git";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }

    /** A mirror that must be made anew. */
    private static final class DamagedMirror extends IOException {

        private static final long serialVersionUID = 1;

        DamagedMirror(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
