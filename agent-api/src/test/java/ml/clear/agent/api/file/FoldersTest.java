// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    private Path folder;

    @Test
    void deletesATreeWithAllInIt() throws IOException {
        Path tree = tree();

        Folders.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(folder).exists();
    }

    @Test
    void deletesASingleFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Folders.delete(file);

        assertThat(file).doesNotExist();
    }

    @Test
    void deletesNothingWhereNothingIs() throws IOException {
        Folders.delete(folder.resolve("missing/deeper"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void doesNotFollowALinkInsideTheTree() throws IOException {
        Path outside = tree();
        Path doomed = Files.createDirectory(folder.resolve("doomed"));
        Files.createSymbolicLink(doomed.resolve("link"), outside);
        Files.createSymbolicLink(doomed.resolve("dangling"), folder.resolve("nowhere"));

        Folders.delete(doomed);

        assertThat(doomed).doesNotExist();
        assertThat(outside.resolve("deep/er/file")).exists();
    }

    @Test
    void deletesALinkInPlaceOfItsTarget() throws IOException {
        Path outside = tree();
        Path link = Files.createSymbolicLink(folder.resolve("link"), outside);

        Folders.delete(link);

        assertThat(link).doesNotExist();
        assertThat(outside.resolve("deep/er/file")).exists();
    }

    @Test
    void deletesAFolderIntoWhichSomethingStillWrites() throws Exception {
        Path busy = Files.createDirectory(folder.resolve("busy"));
        CountDownLatch writing = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().name("writer").start(() -> {
            for (int i = 0; i < 2_000 && !done.get(); i++) {
                try {
                    Files.createFile(busy.resolve("file" + i));
                } catch (IOException e) {
                    done.set(true); // the folder is gone
                }
                if (i == 100) {
                    writing.countDown();
                }
            }
        });
        try {
            writing.await();
            Folders.delete(busy);

            assertThat(busy).doesNotExist();
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void clearingKeepsTheFolder() throws IOException {
        Path tree = tree();

        Folders.clear(tree);

        assertThat(tree).isEmptyDirectory();
    }

    @Test
    void clearingAMissingFolderFails() {
        assertThatThrownBy(() -> Folders.clear(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void tellsAnEmptyFolderFromOthers() throws IOException {
        assertThat(Folders.isEmpty(folder)).isTrue();

        tree();

        assertThat(Folders.isEmpty(folder)).isFalse();
    }

    private Path tree() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("deep/er"));
        Files.writeString(tree.resolve("deep/er/file"), "content");
        Files.writeString(tree.resolve(".hidden"), "content");
        return tree;
    }
}
