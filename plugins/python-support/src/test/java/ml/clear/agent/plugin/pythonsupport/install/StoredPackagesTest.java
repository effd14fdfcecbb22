// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredPackagesTest {

    @TempDir
    private Path folder;

    private final List<String> console = new ArrayList<>();
    private String tag = "first";

    /** A store with one file. */
    private final StorageAccess store = new StorageAccess() {
        @Override
        public Optional<StoredObject> stat(StorageAddress object) {
            return object.name().startsWith("alpha")
                    ? Optional.of(new StoredObject(object, 3, Instant.EPOCH, tag))
                    : Optional.empty();
        }

        @Override
        public ObjectPage list(ObjectListing listing) {
            return ObjectPage.EMPTY;
        }

        @Override
        public Path localFile(StorageAddress object, Path target, TransferProgress progress) {
            try {
                return Files.writeString(Files.createDirectories(target).resolve(object.name()), "abc");
            } catch (IOException e) {
                throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write", e);
            }
        }
    };

    private static List<Requirement> read(String... lines) {
        return RequirementsFile.parse(List.of(lines), Path.of("/code"), "requirements.txt")
                .requirements();
    }

    @Test
    void installersGetLocalFilesOfTheSameName() throws Exception {
        List<String> lines = new StoredPackages(store)
                .lines(read("beta==2", "s3://b/alpha-1.0-py3-none-any.whl"), folder, console::add);

        assertThat(lines.getFirst()).isEqualTo("beta==2");
        assertThat(lines.getLast()).startsWith("alpha @ file://" + folder).endsWith("/alpha-1.0-py3-none-any.whl");
        assertThat(console).containsExactly("Fetching 's3://b/alpha-1.0-py3-none-any.whl'");
    }

    @Test
    void aFileThatChangesInItsStoreIsAnotherVersion() throws Exception {
        Requirement requirement = read("s3://b/alpha-1.0-py3-none-any.whl").getFirst();
        Optional<String> before = new StoredPackages(store).version(requirement);
        tag = "second";

        assertThat(new StoredPackages(store).version(requirement)).isPresent().isNotEqualTo(before);
        assertThat(new StoredPackages(store).version(read("alpha").getFirst())).isEmpty();
    }

    @Test
    void aFileThatDoesNotExistIsNamedWithItsOrigin() {
        assertThatThrownBy(() -> new StoredPackages(store)
                        .version(read("s3://b/none-1.0.zip").getFirst()))
                .isInstanceOf(AgentException.class)
                .hasMessage("requirement 's3://b/none-1.0.zip' of requirements.txt does not exist in its store;"
                        + " correct the address");
    }

    @Test
    void aStorageSchemeWithoutPluginIsNamed() {
        assertThatThrownBy(() -> new StoredPackages(StorageAccess.NONE)
                        .version(read("s3://b/alpha-1.0-py3-none-any.whl").getFirst()))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PLUGIN_UNUSABLE))
                .hasMessage("requirement 's3://b/alpha-1.0-py3-none-any.whl' of requirements.txt needs a storage plugin"
                        + " that is not installed: no storage scheme is called 's3'; none is registered");
    }

    @Test
    void aFileWithAnotherDigestThanTheLineNamesIsRefused() {
        List<Requirement> wrong = read("s3://b/alpha-1.0-py3-none-any.whl#sha256=" + "ab".repeat(32));

        assertThatThrownBy(() -> new StoredPackages(store).lines(wrong, folder, console::add))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("has another SHA-256 digest");
    }
}
