// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requirements that name wheels in a bucket, on a server that checks signatures. */
@Tag("thorough")
@Timeout(600)
class StoredRequirementsIT {

    private static final String PACKAGE = "clearml_agent_stored_beta";

    @TempDir
    private static Path folder;

    private static S3Server store;
    private static String wheel;
    private static Path project;

    @BeforeAll
    static void open() throws Exception {
        store = S3Server.start(Files.createDirectories(folder.resolve("s3")));
        store.bucket("wheels");
        Path file = PythonWheel.of(PACKAGE, "1.0").writeTo(folder.resolve("built"));
        wheel = "s3://" + store.host() + "/wheels/team-a/" + file.getFileName();
        try (AgentHome home = agent("uploader", "pip")) {
            Shell.Finished upload = home.run("storage", "cp", file.toString(), wheel);
            assertThat(upload.status()).as(upload.err()).isZero();
        }
        project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("requirements.txt"), "-r more/stored.txt\n");
        Files.writeString(Files.createDirectories(project.resolve("more")).resolve("stored.txt"), wheel + "\n");
        Files.writeString(
                project.resolve("script.py"), "import " + PACKAGE + " as beta\nprint('imported', beta.VERSION)\n");
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static AgentHome agent(String name, String manager) throws IOException {
        AgentHome home = AgentHome.emptyIn(Files.createDirectories(folder.resolve(name)), Installation.shared());
        Files.writeString(home.folder().resolve("clearml.conf"), """
                agent.package_manager.uv_replace_pip: %s
                sdk.aws.s3.credentials: [{ bucket: "wheels", host: "%s", key: "%s", secret: "%s", secure: false }]
                """.formatted(
                        manager.equals("uv"), store.host(), S3Server.KEY, S3Server.SECRET));
        return home.with(
                "PIP_CACHE_DIR",
                Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests", "pip")
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "uv"})
    void aWheelInABucketIsInstalledAndRecordedByItsAddress(String manager) throws Exception {
        try (AgentHome home = agent("agent-" + manager, manager)) {
            Shell.Finished cold = home.run("run", project.resolve("script.py").toString());
            Shell.Finished warm = home.run("run", project.resolve("script.py").toString());

            assertThat(cold.status()).as(cold.out() + cold.err()).isZero();
            assertThat(cold.out()).contains("imported 1.0");
            assertThat(cold.out() + cold.err()).contains("Fetching '" + wheel + "'");
            assertThat(warm.out()).contains("imported 1.0").contains("Using the environment from the cache");
            assertThat(recorded(home)).contains("\"" + wheel + "\"").doesNotContain("file:", folder.toString());
            assertThat(cold.out() + cold.err()).doesNotContain(S3Server.SECRET);
        }
    }

    private static String recorded(AgentHome home) {
        return home.server()
                .lastTask()
                .get("script")
                .get("requirements")
                .get("pip")
                .toString();
    }

    @Test
    void withoutTheStoragePluginTheTaskFailsAndTheReasonNamesRequirementAndPlugin() throws Exception {
        try (AgentHome home = agent("without", "pip")) {
            assertThat(home.run("plugins", "disable", "storage-s3").status()).isZero();

            Shell.Finished run = home.run("run", project.resolve("script.py").toString());

            assertThat(run.status()).isNotZero();
            assertThat(run.out() + run.err())
                    .contains("requirement '" + wheel
                            + "' of more/stored.txt needs a storage plugin that is not installed")
                    .contains("storage-s3")
                    .contains("is disabled");
        }
    }
}
