// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerDistributionTest {

    private static final String PLATFORM = DistributionArchive.thisPlatform();

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private Path place;
    private Path running;

    @BeforeEach
    void open() throws IOException {
        place = Files.createDirectories(folder.resolve("place"));
        running = agent(folder.resolve("running"), "0.1.2");
    }

    /** A folder as a store. */
    private final class FolderStore implements StorageAccess {

        @Override
        public Optional<StoredObject> stat(StorageAddress object) {
            return Optional.empty();
        }

        @Override
        public ObjectPage list(ObjectListing listing) {
            try (Stream<Path> files = Files.list(Path.of("/" + listing.folder().key()))) {
                List<StoredObject> objects = files.map(
                                file -> new StoredObject(StorageAddress.parse("file://" + file), 1, Instant.EPOCH, ""))
                        .toList();
                return new ObjectPage(objects, List.of(), "");
            } catch (IOException e) {
                throw new AgentException(ErrorCode.NOT_FOUND, "there is no '" + listing.folder() + "'", e);
            }
        }

        @Override
        public Path localFile(StorageAddress object, Path target, TransferProgress progress) {
            fetched.add(object.name());
            Path file = Path.of("/" + object.key());
            if (!Files.exists(file)) {
                throw new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'");
            }
            return file;
        }
    }

    private static Path agent(Path home, String version) throws IOException {
        Path launcher = Files.createDirectories(home.resolve("bin")).resolve("clearml-agent");
        Files.writeString(launcher, "#!/bin/sh\necho clearml-agent " + version + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launcher;
    }

    private Path store(String version, String platform) throws Exception {
        String name = "clearml-agent-" + version + "-" + platform;
        agent(folder.resolve("build").resolve(name), version);
        Path archive = place.resolve(name + ".tar.gz");
        assertThat(TestContext.in(folder)
                        .commands()
                        .run(Command.of(
                                        "tar",
                                        "-czf",
                                        archive.toString(),
                                        "-C",
                                        folder.resolve("build").toString(),
                                        name)
                                .build())
                        .succeeded())
                .isTrue();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
        Files.writeString(
                place.resolve(name + ".tar.gz.sha256"),
                HexFormat.of().formatHex(digest) + "  " + archive.getFileName() + "\n");
        return archive;
    }

    private ContainerDistribution distribution(String configured, boolean current) {
        TestSettings settings = TestSettings.defaults()
                .with(DockerSettings.DISTRIBUTION, configured)
                .with(DockerSettings.CURRENT_VERSION, current);
        return new ContainerDistribution(
                TestContext.in(folder).with(settings).with(new FolderStore()), List.of(running.toString()));
    }

    private Optional<Path> chosen() throws InterruptedException {
        return distribution(place.toString(), false).folder(notes::add);
    }

    @Test
    void theNewestCompatibleDistributionForThisMachineIsInstalledOnce() throws Exception {
        store("0.1.3", PLATFORM);
        store("0.1.10", PLATFORM);
        store("0.2.0", PLATFORM);
        store("0.1.11", "linux-other");

        Path first = chosen().orElseThrow();
        fetched.clear();
        Path second = chosen().orElseThrow();

        assertThat(first).isEqualTo(second).hasFileName("clearml-agent-0.1.10-" + PLATFORM);
        assertThat(first.resolve("bin/clearml-agent")).isExecutable();
        assertThat(first.resolveSibling("download")).doesNotExist();
        assertThat(fetched).containsExactly("clearml-agent-0.1.10-" + PLATFORM + ".tar.gz.sha256");
        assertThat(notes).singleElement().asString().startsWith("installing version 0.1.10 of the agent");
    }

    @Test
    void theCommandStartsTheOtherDistribution() {
        ContainerDistribution distribution = distribution("", false);

        assertThat(distribution.command(List.of(running.toString(), "execute", "--id", "x"), Path.of("/other")))
                .containsExactly("/other/bin/clearml-agent", "execute", "--id", "x");
        assertThat(distribution.command(List.of("sh", "-c", "true"), Path.of("/other")))
                .containsExactly("sh", "-c", "true");
    }

    @Test
    void oneArchiveCanBeNamedByItsAddress() throws Exception {
        Path archive = store("0.1.4", PLATFORM);

        assertThat(distribution("file://" + archive, false).folder(notes::add).orElseThrow())
                .hasFileName("clearml-agent-0.1.4-" + PLATFORM);
    }

    @Test
    void theRunningVersionIsUsedWhenItIsForcedOrNoPlaceIsConfigured() throws Exception {
        store("0.1.3", PLATFORM);

        assertThat(distribution(place.toString(), true).folder(notes::add)).isEmpty();
        assertThat(distribution("", false).folder(notes::add)).isEmpty();
        assertThat(notes).isEmpty();
        assertThat(fetched).isEmpty();
    }

    @Test
    void theRunningVersionIsUsedWithoutANoteWhenItIsTheNewest() throws Exception {
        store("0.1.1", PLATFORM);
        store("0.1.2", PLATFORM);

        assertThat(chosen()).isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void aPlaceWithoutCompatibleDistributionIsNotedAndTheRunningVersionIsUsed() throws Exception {
        store("0.2.0", PLATFORM);

        assertThat(chosen()).isEmpty();
        assertThat(notes)
                .containsExactly("the running version of the agent, 0.1.2, is used in the container: 'file://" + place
                        + "' holds no compatible clearml-agent-VERSION-" + PLATFORM + ".tar.gz");
    }

    @Test
    void aWrongChecksumIsNotedAndTheRunningVersionIsUsed() throws Exception {
        Path archive = store("0.1.3", PLATFORM);
        Files.writeString(place.resolve(archive.getFileName() + ".sha256"), "0".repeat(64));

        assertThat(chosen()).isEmpty();
        assertThat(notes.getLast()).contains("the running version of the agent is used", "does not have the SHA-256");
    }

    @Test
    void aMissingChecksumIsNotedAndTheRunningVersionIsUsed() throws Exception {
        Path archive = store("0.1.3", PLATFORM);
        Files.delete(place.resolve(archive.getFileName() + ".sha256"));

        assertThat(chosen()).isEmpty();
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("there is no 'file://")
                .contains(".sha256'");
    }

    @Test
    void anArchiveWithAnotherVersionThanItsNameIsNotUsed() throws Exception {
        Path archive = store("0.1.3", PLATFORM);
        String renamed = archive.getFileName().toString().replace("0.1.3", "0.1.9");
        Files.copy(archive, place.resolve(renamed));
        Files.copy(place.resolve(archive.getFileName() + ".sha256"), place.resolve(renamed + ".sha256"));

        assertThat(chosen()).isEmpty();
        assertThat(notes.getLast()).contains("does not hold a working agent of version 0.1.9");
    }

    @Test
    void aPlaceThatCannotBeReadIsNotedAndTheRunningVersionIsUsed() throws Exception {
        assertThat(distribution("/no/such/place", false).folder(notes::add)).isEmpty();
        assertThat(notes)
                .containsExactly("the running version of the agent is used in the container: there is no"
                        + " 'file:///no/such/place'");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1.0, 0.1.9, true",
        "0.1.0, 0.2.0, false",
        "1.0.0, 1.9.0, true",
        "1.0.0, 2.0.0, false",
        "0.9.0, 1.0.0, false"
    })
    void versionsAreCompatibleUntilTheirFirstNumberChangesThatIsNotZero(String one, String other, boolean compatible) {
        assertThat(AgentVersion.of(one)
                        .orElseThrow()
                        .isCompatibleWith(AgentVersion.of(other).orElseThrow()))
                .isEqualTo(compatible);
    }
}
