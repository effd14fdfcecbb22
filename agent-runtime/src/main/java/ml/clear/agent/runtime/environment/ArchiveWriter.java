// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import ml.clear.agent.runtime.environment.ArchiveIndex.FileEntry;
import ml.clear.agent.runtime.environment.FileTree.Entry;

/**
 * Writes an environment into a zip file: its files, then an index with their digests, whose own digest is the comment of the zip.
 * Links lie in the index alone, those to paths in the environment as relative ones; those that lead out of it are only named.
 */
final class ArchiveWriter {

    /** Where the files lie in the zip. */
    static final String FILES = "environment/";

    /** The name of the index. */
    static final String INDEX = "index";

    private final Path tree;
    private final Path builtAt;
    private final ArchiveIndex.Builder index;

    private ArchiveWriter(Path tree, Path builtAt) {
        this.tree = tree;
        this.builtAt = builtAt;
        this.index = new ArchiveIndex.Builder(builtAt);
    }

    /**
     * Write one.
     *
     * @param builtAt the path that links and scripts of the environment may name
     */
    static void write(Path tree, Path builtAt, Path archive) throws IOException, InterruptedException {
        new ArchiveWriter(tree, builtAt).write(archive);
    }

    private void write(Path archive) throws IOException, InterruptedException {
        List<Entry> entries = FileTree.of(tree).entries().stream()
                .sorted(Comparator.comparing(Entry::path))
                .toList();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (Entry entry : entries) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while archiving '" + tree + "'");
                }
                if (entry.link()) {
                    add(entry.path(), Files.readSymbolicLink(tree.resolve(entry.path())));
                } else {
                    add(entry, zip);
                }
            }
            byte[] text = index.text().getBytes(StandardCharsets.UTF_8);
            zip.putNextEntry(new ZipEntry(INDEX));
            zip.write(text);
            zip.closeEntry();
            zip.setComment(Sha256.of(text));
        }
    }

    private void add(Path link, Path target) {
        Path above = builtAt.resolve(link).getParent();
        Path relative =
                target.isAbsolute() && above != null && target.startsWith(builtAt) ? above.relativize(target) : target;
        if (ArchiveIndex.staysInside(link, relative)) {
            index.addLink(link, relative);
        } else {
            index.addOutside(link);
        }
    }

    private void add(Entry entry, ZipOutputStream zip) throws IOException {
        Path file = tree.resolve(entry.path());
        try (InputStream content = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(content, Sha256.digest())) {
            zip.putNextEntry(new ZipEntry(FILES + entry.path()));
            long size = digesting.transferTo(zip);
            zip.closeEntry();
            index.add(new FileEntry(
                    entry.path(),
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                    entry.modified(),
                    size,
                    HexFormat.of().formatHex(digesting.getMessageDigest().digest())));
        } catch (NoSuchFileException e) {
            if (!entry.compiled()) { // compiled modules come and go while tasks import them
                throw e;
            }
        }
    }
}
