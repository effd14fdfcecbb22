// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The archive of this build, unpacked into a folder. */
record Installation(Path home) {

    static final Path ARCHIVE = Path.of(System.getProperty("distribution.archive"));
    static final String VERSION_LINE = "CLEARML-AGENT version " + System.getProperty("distribution.version") + "\n";

    static Installation unpackedInto(Path folder) {
        Shell.Finished tar = Shell.in(folder)
                .run("tar", "-xzf", ARCHIVE.toString(), "-C", folder.toString(), "--strip-components=1");
        assertThat(tar.status()).as(tar.err()).isZero();
        return new Installation(folder);
    }

    /** One for all test classes that change nothing in it, with its start-up caches; unpacked when first asked for. */
    static Installation shared() {
        return Shared.INSTALLATION;
    }

    /** A copy made of hard links, which takes no time; a test that changes a file of it must replace the file. */
    Installation copiedTo(Path folder) {
        Shell.Finished copy = Shell.in(home).run("cp", "-al", home.toString(), folder.toString());
        assertThat(copy.status()).as(copy.err()).isZero();
        return new Installation(folder);
    }

    Path launcher() {
        return home.resolve("bin/clearml-agent");
    }

    Path jar(String artifact) {
        return home.resolve("app/" + artifact + "-" + System.getProperty("distribution.version") + ".jar");
    }

    /** Where the start-up cache lies when the installation can be written. */
    Path cacheFolder() {
        return home.resolve("aot/commands");
    }

    List<Path> caches() {
        return list(cacheFolder(), ".aot");
    }

    Installation withCache() {
        Shell.Finished made = makesCache().finish();
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(caches()).hasSize(1);
        return this;
    }

    private Shell.Started makesCache(String... command) {
        return Shell.in(home)
                .with("CLEARML_AGENT_AOT", "make")
                .start(Stream.concat(Stream.of(launcher().toString()), Stream.of(command))
                        .toList());
    }

    private static final class Shared {

        static final Installation INSTALLATION = unpack();

        private static Installation unpack() {
            Path folder = ARCHIVE.resolveSibling("installed-for-tests");
            PreparedOnce.in(folder, archiveIdentity(), () -> {
                Installation installation = unpackedInto(Files.createDirectory(folder));
                // the caches of short commands and of tasks, side by side
                List<Shell.Started> caches = List.of(installation.makesCache(), installation.makesCache("run"));
                caches.forEach(made -> {
                    Shell.Finished finished = made.finish();
                    assertThat(finished.status()).as(finished.err()).isZero();
                });
            });
            return new Installation(folder);
        }

        private static String archiveIdentity() {
            try {
                return Files.getLastModifiedTime(ARCHIVE) + " " + Files.size(ARCHIVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<Path> list(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
