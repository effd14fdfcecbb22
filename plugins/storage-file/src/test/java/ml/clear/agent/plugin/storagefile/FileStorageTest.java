// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.StorageBackendContract;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest extends StorageBackendContract {

    @TempDir
    private Path folder;

    private StorageBackend storage;

    @BeforeEach
    void create() {
        storage = new StorageFilePlugin().storageBackends().getFirst().create(TestContext.in(folder));
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse("file://" + folder.resolve("store"));
    }

    @Test
    void aStoredFileHasTheReadersOfItsFolder() throws Exception {
        Path open = Files.createDirectories(folder.resolve("store/open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

        storage.write(place().resolve("open/file"), ObjectSource.of(new byte[1]), WriteCondition.NONE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open.resolve("file"))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws Exception {
        Files.createDirectories(folder.resolve("store/taken"));

        assertThatThrownBy(() ->
                        storage.write(place().resolve("taken"), ObjectSource.of(new byte[1]), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                .hasMessageEndingWith("is a folder; name a file in it, or remove the folder");
        try (Stream<Path> left = Files.list(folder.resolve("store"))) {
            assertThat(left).containsExactly(folder.resolve("store/taken"));
        }
    }

    @Test
    void anAddressWithAHostIsRefused() {
        assertThatThrownBy(() -> storage.stat(StorageAddress.parse("file://data/file")))
                .isInstanceOf(AgentException.class)
                .hasMessage("'file://data/file' names the host 'data'; the address of a file has three slashes,"
                        + " such as file:///data/file");
    }
}
