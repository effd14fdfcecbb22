// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {

    private static final byte[] CONTENT = "a secret".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void everyFolderThatIsMadeIsTheOwnersAlone() throws IOException {
        OwnerOnly.createFolders(folder.resolve("one/two"));
        Path made = OwnerOnly.createFolder(folder.resolve("three"));
        Path temporary = OwnerOnly.createTemporaryFolder(folder, "four-");

        assertThat(permissions(folder.resolve("one"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("one/two"))).isEqualTo("rwx------");
        assertThat(permissions(made)).isEqualTo("rwx------");
        assertThat(permissions(temporary)).isEqualTo("rwx------");
    }

    @Test
    void aFolderThatExistsKeepsItsPermissionsUntilRestricted() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        OwnerOnly.createFolders(open);
        assertThat(permissions(open)).isEqualTo("rwxr-xr-x");

        OwnerOnly.restrict(open);
        assertThat(permissions(open)).isEqualTo("rwx------");
    }

    @Test
    void makingAFolderThatExistsFails() throws IOException {
        Path made = OwnerOnly.createFolder(folder.resolve("made"));

        assertThatThrownBy(() -> OwnerOnly.createFolder(made)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileIsTheOwnersAloneWhicheverWayItIsMade() throws IOException {
        OwnerOnly.write(folder.resolve("written"), CONTENT);
        OwnerOnly.replace(folder.resolve("replaced"), CONTENT);
        try (FileChannel opened =
                OwnerOnly.open(folder.resolve("opened"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            assertThat(opened.size()).isZero();
        }

        assertThat(permissions(folder.resolve("written"))).isEqualTo("rw-------");
        assertThat(permissions(folder.resolve("replaced"))).isEqualTo("rw-------");
        assertThat(permissions(folder.resolve("opened"))).isEqualTo("rw-------");
        assertThat(folder.resolve("written")).hasBinaryContent(CONTENT);
    }

    @Test
    void writingDoesNotTouchAFileThatExists() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");

        assertThatThrownBy(() -> OwnerOnly.write(file, CONTENT)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("before");
    }

    @Test
    void replacingNarrowsAFileThatOthersCouldReadAndLeavesNothingBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(folder.resolve("file.new"), "half of what a killed process wrote");

        OwnerOnly.replace(file, CONTENT);

        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(folder.resolve("file.new")).doesNotExist();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
