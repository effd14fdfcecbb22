// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * Unpacks plugin zips into a cache folder of the user's, each once, never beside the zip.
 *
 * <p>pf4j unpacks beside the zip, which a read-only installation does not allow, and first deletes what was there, which
 * another process may be using. Here a changed zip gets a new folder, which appears whole or not at all.
 */
final class Archive {

    private final Path cache;

    Archive(Path cache) {
        this.cache = cache;
    }

    /** The folder with the contents of a zip; unpacks it unless that was done before. */
    Path unpack(Path zip) {
        try {
            Path target = cache.resolve(folderName(zip));
            if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                unpackInto(zip, target);
            }
            return root(target);
        } catch (IOException e) {
            throw Reasons.unreadable(zip.toString(), e);
        }
    }

    /**
     * Different for every content: unlike the modification time of a file, the change time of its inode cannot be set.
     */
    private static String folderName(Path zip) throws IOException {
        Map<String, Object> inode = Files.readAttributes(zip, "unix:dev,ino,ctime");
        String name = String.valueOf(zip.getFileName());
        return (name.substring(0, name.lastIndexOf('.')) + "-" + inode.get("dev") + "-" + inode.get("ino") + "-"
                        + inode.get("ctime"))
                .replace(":", "");
    }

    private void unpackInto(Path zip, Path target) throws IOException {
        OwnerOnly.createFolders(cache);
        Path building = OwnerOnly.createTemporaryFolder(cache, ".unpacking-");
        try {
            try (ZipFile archive = new ZipFile(zip.toFile())) {
                Enumeration<? extends ZipEntry> entries = archive.entries();
                while (entries.hasMoreElements()) {
                    unpackEntry(archive, entries.nextElement(), building);
                }
            }
            publish(building, target);
        } finally {
            Folders.delete(building);
        }
    }

    /** A symbolic link in the zip comes out as a small file with its target's name: no link is ever made. */
    private static void unpackEntry(ZipFile archive, ZipEntry entry, Path folder) throws IOException {
        Path file = inside(folder, entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Path parent = file.getParent();
        Files.createDirectories(parent == null ? folder : parent);
        try (InputStream content = archive.getInputStream(entry)) {
            Files.copy(content, file);
        } catch (FileAlreadyExistsException e) {
            throw Reasons.refused("its zip holds '" + entry.getName() + "' twice");
        }
    }

    private static Path inside(Path folder, String name) {
        List<String> parts = Arrays.asList(name.split("/", -1));
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || parts.contains("..")) {
            throw Reasons.refused(
                    "its zip holds '" + name + "', which would lie outside the plugin's folder",
                    "do not use this zip, and report it to its author");
        }
        return folder.resolve(name).normalize();
    }

    private static void publish(Path building, Path target) throws IOException {
        try {
            Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process was faster with the same zip.
            if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    /** The folder with the descriptor: the top of the zip, or the only folder there. */
    private static Path root(Path unpacked) throws IOException {
        if (Files.exists(unpacked.resolve(Descriptors.FILE))) {
            return unpacked;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(unpacked)) {
            for (Path entry : entries) {
                if (Files.exists(entry.resolve(Descriptors.FILE))) {
                    return entry;
                }
            }
        }
        return unpacked;
    }
}
