// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretHandoverTest {

    private static final Command COMMAND = Command.of("true")
            .secretFile(new SecretFile(Secret.of("canary"), List.of("PLACE")))
            .build();

    private final Path folder;
    private final Map<String, String> environment;

    SecretHandoverTest(@TempDir Path folder) {
        this.folder = folder;
        this.environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
    }

    @Test
    void aFileIsForItsOwnerAndGoneAtTheEndThoughItsProgramWasNeverStarted() throws Exception {
        try (SecretHandover _ = SecretHandover.of(COMMAND, environment)) {
            assertThat(files()).hasSize(1);
            assertThat(Files.getPosixFilePermissions(files().getFirst())).hasSize(2);
            assertThat(files().getFirst()).hasContent("canary");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aFileThatAKilledProcessLeftIsRemovedAtTheNextStart() throws Exception {
        Process killed = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(killed.pid()).orElseThrow();
        Path left;
        try (SecretHandover _ = SecretHandover.of(COMMAND, environment)) {
            Path living = files().getFirst();
            left = Files.writeString(ofProcess(living, identity.pid(), identity.startTicks()), "canary");
            Path earlier = Files.writeString(ofProcess(living, identity.pid(), identity.startTicks() - 1), "canary");

            SecretHandover.removeAbandoned(environment);
            assertThat(files()).containsExactlyInAnyOrder(living, left).doesNotContain(earlier);

            killed.destroyForcibly().waitFor();
            SecretHandover.removeAbandoned(environment);
            assertThat(files()).containsExactly(living);
        }
    }

    @Test
    void aFileOfAnotherProcessSpaceIsRemovedWhenItIsOld() throws Exception {
        Path elsewhere;
        try (SecretHandover _ = SecretHandover.of(COMMAND, environment)) {
            String name = files().getFirst().getFileName().toString().replaceFirst("secret-\\d+", "secret-1");
            elsewhere = Files.writeString(folder.resolve(name), "canary");
        }
        Path other = Files.writeString(folder.resolve("clearml-agent-notes"), "of the user");

        SecretHandover.removeAbandoned(environment);
        assertThat(files()).containsExactlyInAnyOrder(elsewhere, other);

        Files.setLastModifiedTime(elsewhere, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        SecretHandover.removeAbandoned(environment);
        assertThat(files()).containsExactly(other);
    }

    private Path ofProcess(Path like, long pid, long startTicks) {
        String name = like.getFileName().toString();
        return folder.resolve(name.replaceFirst("-(\\d+)-\\d+-\\d+-", "-$1-" + pid + "-" + startTicks + "-"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
