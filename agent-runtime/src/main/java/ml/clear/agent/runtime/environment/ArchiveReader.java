// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import ml.clear.agent.runtime.environment.ArchiveIndex.FileEntry;
import org.jspecify.annotations.Nullable;

/** Unpacks what {@link ArchiveWriter} wrote, with several threads, and checks every digest. */
final class ArchiveReader {

    private static final int BUFFER = 1 << 16;

    /** Files that wait for a thread; an archive may have many. */
    private static final int MOST_WAITING = 64;

    private final Path archive;
    private final Path target;
    private final int threads;

    private ArchiveReader(Path archive, Path target, int threads) {
        this.archive = archive;
        this.target = target;
        this.threads = threads;
    }

    /**
     * Unpack one.
     *
     * @param target made if absent
     * @return what it says about its content
     * @throws DamagedArchive when it is not what was written, or would write outside of the target
     * @throws IOException when the target cannot be written; it is then incomplete, as it is after {@link DamagedArchive}
     */
    static ArchiveIndex unpack(Path archive, Path target, int threads) throws IOException, InterruptedException {
        return new ArchiveReader(archive, target, threads).unpack();
    }

    private ArchiveIndex unpack() throws IOException, InterruptedException {
        try (ZipFile zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
            ArchiveIndex index = index(zip);
            Files.createDirectories(target);
            unpack(zip, index);
            // links last: no file is written through one
            for (Map.Entry<Path, Path> link : index.links().entrySet()) {
                Path path = target.resolve(link.getKey());
                Files.createDirectories(path.getParent());
                Files.createSymbolicLink(path, link.getValue());
            }
            return index;
        } catch (ZipException e) {
            throw new DamagedArchive("it is no complete zip file", e);
        }
    }

    private static ArchiveIndex index(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(ArchiveWriter.INDEX);
        if (entry == null) {
            throw new DamagedArchive("it has no index");
        }
        try (InputStream content = zip.getInputStream(entry)) {
            byte[] text = content.readAllBytes();
            if (!Sha256.of(text).equals(zip.getComment())) {
                throw new DamagedArchive("its index has another digest than it was written with");
            }
            return ArchiveIndex.read(new String(text, StandardCharsets.UTF_8));
        }
    }

    private void unpack(ZipFile zip, ArchiveIndex index) throws IOException, InterruptedException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Set<Path> folders = ConcurrentHashMap.newKeySet();
        try (ExecutorService executor = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("unpack-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy())) {
            index.eachFile(file -> {
                if (failure.get() == null && !Thread.currentThread().isInterrupted()) {
                    executor.execute(() -> {
                        try {
                            unpack(zip, file, folders);
                        } catch (IOException | RuntimeException e) {
                            failure.compareAndSet(null, e);
                        }
                    });
                }
            });
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while unpacking '" + archive + "'");
        }
        switch (failure.get()) {
            case null -> {}
            case IOException failed -> throw failed;
            case Exception other -> throw new DamagedArchive("it cannot be unpacked: " + other, other);
        }
    }

    private void unpack(ZipFile zip, FileEntry file, Set<Path> folders) throws IOException {
        ZipEntry entry = zip.getEntry(ArchiveWriter.FILES + file.path());
        if (entry == null) {
            throw new DamagedArchive("it has no file '" + file.path() + "'");
        }
        Path path = target.resolve(file.path());
        Path folder = path.getParent();
        if (!folders.contains(folder)) {
            Files.createDirectories(folder);
            folders.add(folder);
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream content = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            long left = file.size();
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                left -= read;
                if (left < 0) {
                    throw new DamagedArchive("'" + file.path() + "' is longer than its index says");
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(file.digest())) {
            throw new DamagedArchive("'" + file.path() + "' has another digest than it was written with");
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(file.permissions()));
        Files.setLastModifiedTime(path, FileTime.fromMillis(file.modified()));
    }
}
