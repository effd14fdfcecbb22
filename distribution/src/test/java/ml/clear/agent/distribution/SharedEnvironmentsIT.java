// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two agents with homes of their own share environments through a bucket, on a server that checks signatures: the environment is
 * built once, and built again where the archive is damaged or the store cannot be used.
 */
@Tag("thorough")
@Timeout(600)
class SharedEnvironmentsIT {

    private static final String PACKAGE = "clearml_agent_fleet_alpha";

    @TempDir
    private static Path folder;

    private static S3Server store;
    private static Path objects;
    private static Path project;

    @BeforeAll
    static void open() throws Exception {
        store = S3Server.start(Files.createDirectories(folder.resolve("s3")));
        objects = store.bucket("fleet");
        PythonWheel.of(PACKAGE, "1.0").writeTo(folder.resolve("wheels"));
        project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(
                project.resolve("requirements.txt"),
                "--find-links " + folder.resolve("wheels") + "\n" + PACKAGE + "==1.0\n");
        Files.writeString(project.resolve("script.py"), """
                import %1$s, os, subprocess, sys
                own = %1$s.__file__.startswith(sys.prefix) and sys.prefix == os.environ["VIRTUAL_ENV"]
                print("imported", %1$s.VERSION, own)
                print("command", subprocess.check_output(["%1$s"], text=True).strip())
                """.formatted(PACKAGE));
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static AgentHome agent(String name, String place, String manager) throws IOException {
        AgentHome home = AgentHome.emptyIn(Files.createDirectories(folder.resolve(name)), Installation.shared());
        Files.writeString(home.folder().resolve("clearml.conf"), """
                agent {
                    venvs_cache.remote: "%s"
                    package_manager.uv_replace_pip: %s
                }
                sdk {
                    aws.s3.credentials: [{ bucket: "fleet", host: "%s", key: "%s", secret: "%s", secure: false }]
                    network.iteration.retry_backoff_factor_sec: 0.1
                }
                """.formatted(
                        place, manager.equals("uv"), store.host(), S3Server.KEY, S3Server.SECRET));
        return home.with(
                "PIP_CACHE_DIR",
                Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests", "pip")
                        .toString());
    }

    private static String run(AgentHome home) {
        Shell.Finished run = home.run("run", project.resolve("script.py").toString());
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("imported 1.0 True", "command " + PACKAGE + " 1.0");
        return run.out() + run.err();
    }

    private static List<Path> archives(String manager) throws IOException {
        try (Stream<Path> all = Files.walk(objects.resolve(manager))) {
            return all.filter(file -> file.toString().endsWith(".zip")).toList();
        }
    }

    private static void forget(AgentHome home) throws IOException {
        Folders.delete(home.clearml().resolve("venvs-cache"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "uv"})
    void anEnvironmentIsBuiltOnceForAllMachinesAndAgainWhereTheStoreDoesNotServe(String manager) throws Exception {
        String place = "s3://" + store.host() + "/fleet/" + manager;
        try (AgentHome one = agent("one-" + manager, place, manager);
                AgentHome two = agent("two-" + manager, place, manager)) {
            assertThat(run(one)).doesNotContain("Fetching the environment");
            assertThat(archives(manager)).hasSize(1);
            assertThat(run(two)).contains("Fetching the environment from '" + place + "'");
            assertThat(run(two)).contains("Using the environment from the cache");

            damage(archives(manager).getFirst());
            forget(two);
            assertThat(run(two)).contains("cannot be used and is built here: ");
            forget(one);
            assertThat(run(one)).contains("Fetching the environment from").doesNotContain("is built here");
        }
        String elsewhere = "s3://127.0.0.1:1/fleet";
        try (AgentHome away = agent("away-" + manager, elsewhere, manager)) {
            assertThat(run(away).lines().filter(line -> line.contains("'" + elsewhere)))
                    .singleElement()
                    .asString()
                    .contains("cannot be used and is built here: ");
        }
    }

    private static void damage(Path archive) throws IOException {
        try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[64]), file.size() / 3);
        }
    }
}
