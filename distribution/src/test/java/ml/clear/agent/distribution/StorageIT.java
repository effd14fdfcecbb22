// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code storage} of the installed agent. */
@Tag("thorough")
class StorageIT {

    @TempDir
    private Path folder;

    @Test
    void theFilesServerTakesAndGivesFilesWithTheKeyOfTheConfiguration() throws Exception {
        try (DaemonFixture fixture = DaemonFixture.in(folder)) {
            String files = fixture.server().api() + "/files";
            AgentHome agent = fixture.through(fixture.gate()).with("CLEARML_FILES_HOST", files);
            Path source = Files.writeString(folder.resolve("a file + 100%.txt"), "content of the file");

            Shell.Finished check = agent.run("storage", "check", files + "/place");
            assertThat(check.out().lines())
                    .as(check.err())
                    .containsExactly("ok      write", "ok      read", "ok      delete");
            Shell.Finished up = agent.run("storage", "cp", source.toString(), files + "/place/");
            assertThat(up.status()).as(up.err()).isZero();
            assertThat(up.err()).contains("1 object, 0.0 MiB in ");
            Shell.Finished back = agent.run("storage", "cat", files + "/place/a%20file%20+%20100%25.txt");
            assertThat(back.out()).as(back.err()).isEqualTo("content of the file");

            Shell.Finished refused =
                    agent.with("CLEARML_API_SECRET_KEY", "wrong").run("storage", "stat", files + "/place/a");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("refuses the credentials").contains("check api.credentials");
        }
    }

    @Test
    void foldersAreListedCopiedAndSynchronisedAndNoClientOfAnotherStoreIsLoaded() throws Exception {
        Path classes = folder.resolve("classes");
        AgentHome home = AgentHome.emptyIn(folder, Installation.shared())
                .with("CLEARML_AGENT_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes);
        Path data = Files.createDirectories(folder.resolve("data/deep"));
        Files.writeString(data.resolve("one"), "1");
        Files.writeString(data.resolveSibling("two"), "22");

        Shell.Finished sync = home.run(
                "storage",
                "sync",
                folder.resolve("data").toString(),
                folder.resolve("copy").toString());
        assertThat(sync.status()).as(sync.err()).isZero();
        Shell.Finished list = home.run("storage", "ls", "--recursive", "file://" + folder.resolve("copy"));
        assertThat(list.out().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .as(list.err())
                .containsExactly("deep/one", "two");
        assertThat(Files.readString(classes, StandardCharsets.UTF_8))
                .contains("ml.clear.agent.plugin.storagefile.FileStorage")
                .doesNotContain("software.amazon", "com.azure", "S3Storage", "AzureStorage", "HttpStorage");
    }

    @Test
    void whatIsNotThereIsSaidAndEndsWithOne() throws Exception {
        AgentHome home = AgentHome.emptyIn(folder, Installation.shared());

        Shell.Finished missing = home.run("storage", "cp", "/no/such/file", folder.toString());
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .contains("there is no object 'file:///no/such/file'; --recursive copies what lies below a folder");
        Shell.Finished unknown = home.run("storage", "ls", "ftp://host/a");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("no storage scheme is called 'ftp'").contains("s3");
    }
}
