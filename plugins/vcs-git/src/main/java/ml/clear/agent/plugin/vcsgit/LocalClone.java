// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;

/**
 * Makes the repository of a working copy from a mirror as {@code git clone --no-checkout} does: branches of the mirror become those
 * of the remote, the objects are hard links on one file system. In this process, since the command of git costs more than the
 * checkout of a small repository.
 */
final class LocalClone {

    private static final String CORE = "core";
    private static final String EXTENSIONS = "extensions";
    private static final String FORMAT = "repositoryformatversion";

    private final Mirror mirror;
    private final References references;

    private LocalClone(Mirror mirror, References references) {
        this.mirror = mirror;
        this.references = references;
    }

    static LocalClone of(Mirror mirror) throws IOException {
        return new LocalClone(mirror, References.of(mirror.folder()));
    }

    /**
     * Make the repository in the folder of a working copy, without any file of a commit.
     *
     * @param origin the address of the remote, without a password
     */
    void to(Path target, String origin) throws IOException {
        Path repository = Files.createDirectories(target.resolve(".git"));
        mirror.copyObjectsTo(repository.resolve("objects"));
        if (Files.exists(mirror.folder().resolve("shallow"))) {
            Files.copy(mirror.folder().resolve("shallow"), repository.resolve("shallow"));
        }
        Files.createDirectories(repository.resolve("refs/heads"));
        Files.createDirectories(repository.resolve("refs/tags"));
        writeReferences(repository);
        Path config = Files.createFile(repository.resolve("config"));
        Files.writeString(config, configuration(repository, config, origin).toText());
    }

    private void writeReferences(Path repository) throws IOException {
        String head = references.head();
        StringBuilder packed = new StringBuilder();
        String tip = references.objects().get(head);
        if (tip != null) {
            append(packed, tip, head);
            Path remote = Files.createDirectories(repository.resolve("refs/remotes/origin"));
            write(remote.resolve("HEAD"), "ref: " + GitRepository.COPY_BRANCHES + branch(head));
        }
        references
                .below(GitRepository.MIRROR_BRANCHES)
                .forEach((name, object) -> append(packed, object, GitRepository.COPY_BRANCHES + branch(name)));
        references.below(GitRepository.TAGS).forEach((name, object) -> {
            append(packed, object, name);
            Optional.ofNullable(references.peeled().get(name))
                    .ifPresent(commit -> packed.append('^').append(commit).append('\n'));
        });
        Files.writeString(repository.resolve("packed-refs"), packed, StandardCharsets.ISO_8859_1);
        write(repository.resolve("HEAD"), head.startsWith("refs/") ? "ref: " + head : head);
    }

    private static String branch(String name) {
        return name.substring(GitRepository.MIRROR_BRANCHES.length());
    }

    private static void append(StringBuilder packed, String object, String name) {
        packed.append(object).append(' ').append(name).append('\n');
    }

    private static void write(Path file, String line) throws IOException {
        Files.writeString(file, line + "\n", StandardCharsets.ISO_8859_1);
    }

    private Config configuration(Path repository, Path file, String origin) throws IOException {
        Config from = mirrorConfiguration();
        Config config = new Config();
        config.setString(CORE, null, FORMAT, from.getString(CORE, null, FORMAT));
        config.setBoolean(CORE, null, "filemode", hasModes(file));
        if (!hasLinks(repository)) {
            config.setBoolean(CORE, null, "symlinks", false);
        }
        config.setBoolean(CORE, null, "bare", false);
        config.setBoolean(CORE, null, "logallrefupdates", true);
        config.setBoolean(CORE, null, "autocrlf", false);
        for (String name : from.getNames(EXTENSIONS)) {
            config.setString(EXTENSIONS, null, name, from.getString(EXTENSIONS, null, name));
        }
        config.setString("remote", "origin", "url", origin);
        config.setString("remote", "origin", "fetch", "+refs/heads/*:refs/remotes/origin/*");
        if (references.objects().containsKey(references.head())) {
            config.setString("branch", branch(references.head()), "remote", "origin");
            config.setString("branch", branch(references.head()), "merge", references.head());
        }
        return config;
    }

    private Config mirrorConfiguration() throws IOException {
        Path file = mirror.folder().resolve("config");
        Config config = new Config();
        try {
            config.fromText(Files.readString(file));
        } catch (ConfigInvalidException e) {
            throw new IOException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
        return config;
    }

    /** Whether the file system keeps the permission to execute a file. */
    private static boolean hasModes(Path file) throws IOException {
        Set<PosixFilePermission> usual = Files.getPosixFilePermissions(file);
        Set<PosixFilePermission> other = EnumSet.copyOf(usual);
        other.add(PosixFilePermission.OWNER_EXECUTE);
        Files.setPosixFilePermissions(file, other);
        boolean kept = Files.getPosixFilePermissions(file).equals(other);
        Files.setPosixFilePermissions(file, usual);
        return kept && !usual.equals(other);
    }

    private static boolean hasLinks(Path folder) throws IOException {
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, Path.of("config"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
        Files.delete(link);
        return true;
    }
}
