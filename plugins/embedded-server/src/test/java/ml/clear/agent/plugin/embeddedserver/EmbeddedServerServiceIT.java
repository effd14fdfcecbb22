// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.service.BackgroundService.Offer;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.embedded.store.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server in real processes. */
class EmbeddedServerServiceIT {

    private TestContext context;
    private EmbeddedServerService service;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        context = TestContext.in(folder);
        service = new EmbeddedServerService(context);
    }

    @AfterEach
    void end() throws InterruptedException {
        service.stop();
    }

    @Test
    void detachedServerShowsItsKeysOnce() throws Exception {
        String first = TestAgent.run(context, "server", "start", "--detach");
        assertThat(first).startsWith("0 the server runs at ").contains("Put this into clearml.conf");
        String key = service.running().orElseThrow().accessKey();
        assertThat(first).contains(key);
        assertThat(TestAgent.run(context, "server", "start", "--detach"))
                .startsWith("0 a server runs already at ")
                .doesNotContain(key);
        service.stop();
        assertThat(TestAgent.run(context, "server", "start", "--detach")).doesNotContain(key);
    }

    @Test
    void startsOnceAnswersAndStops() throws Exception {
        assertThat(service.offers()).containsExactly(Offer.CLEARML_SERVER);
        assertThat(service.running()).isEmpty();
        ServiceEndpoint first = service.ensureRunning();
        assertThat(first.fresh()).isTrue();
        assertThat(first.files()).isEqualTo(URI.create(first.api() + "/files"));
        // The native library of the installed plugin is used as it is.
        assertThat(context.folder().resolve("native")).doesNotExist();
        ServiceEndpoint second = service.ensureRunning();
        assertThat(second.fresh()).isFalse();
        assertThat(second.api()).isEqualTo(first.api());
        assertThat(second.accessKey()).isEqualTo(first.accessKey());
        assertThat(TestAgent.run(context, "server", "status"))
                .startsWith("0 ")
                .contains(first.api().toString());
        for (String secret : List.of("credentials.json", "token.key", "server.json")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            context.folder().resolve("data").resolve(secret))))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(context.folder().resolve("server.log")))
                .doesNotContain(first.secretKey().reveal());
        assertThat(service.stop()).isTrue();
        assertThat(service.stop()).isFalse();
        assertThat(service.running()).isEmpty();
        assertThat(TestAgent.run(context, "server", "status")).startsWith("1 ");
        assertThat(service.ensureRunning().accessKey()).isEqualTo(first.accessKey());
    }

    @Test
    void callersAtTheSameMomentGetTheSameServer() throws Exception {
        List<Callable<URI>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(() -> new EmbeddedServerService(context).ensureRunning().api());
        }
        Set<URI> found = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<URI> caller : threads.invokeAll(callers)) {
                found.add(caller.get());
            }
        }
        assertThat(found).hasSize(1);
    }

    @Test
    void takenPortMeansTheNextFreeOneUnlessItWasNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThat(TestAgent.run(context, "server", "start", "--port", String.valueOf(port)))
                    .startsWith("1 ")
                    .contains(":" + port + "'");
        }
    }

    @Test
    void portIsKeptWithTheDataAndStoredAddressesFollowAnotherOne() throws Exception {
        ServiceEndpoint first = service.ensureRunning();
        String artifact = first.files() + "/a/b.json";
        String task = ApiCall.data(first, "tasks.create", "{\"name\":\"task\",\"type\":\"training\"}")
                .path("id")
                .stringValue();
        ApiCall.data(
                first,
                "tasks.add_or_update_artifacts",
                "{\"task\":\"" + task + "\",\"artifacts\":[{\"key\":\"a\",\"type\":\"json\",\"uri\":\"" + artifact
                        + "\"}]}");
        service.stop();
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), first.api().getPort()));
            assertThatThrownBy(service::ensureRunning)
                    .hasMessageContaining("process '" + ProcessHandle.current().pid() + "'")
                    .hasMessageContaining("server start --port NUMBER");
        }
        assertThat(service.ensureRunning().api()).isEqualTo(first.api());
        service.stop();
        ServiceEndpoint moved = service.ensureRunning(
                new DetachedProcess.Options(Optional.empty(), Optional.of("0"), Optional.empty()));
        assertThat(moved.api()).isNotEqualTo(first.api());
        assertThat(ApiCall.data(moved, "tasks.get_by_id", "{\"task\":\"" + task + "\"}")
                        .path("task")
                        .path("execution")
                        .path("artifacts")
                        .path(0)
                        .path("uri")
                        .stringValue())
                .isEqualTo(moved.files() + "/a/b.json");
        assertThat(Files.readString(context.folder().resolve("server.log")))
                .contains("the addresses of stored files named " + first.api());
    }

    @Test
    void killedServerLeavesNothingThatHindersTheNext() throws Exception {
        service.ensureRunning();
        ProcessIdentity process = service.alive().orElseThrow().process();
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
        assertThat(handle.destroyForcibly()).isTrue();
        handle.onExit().get(10, TimeUnit.SECONDS);
        assertThat(service.running()).isEmpty();
        assertThat(service.ensureRunning().fresh()).isTrue();
    }

    @Test
    void secondServerOnTheSameFolderIsRefused() throws Exception {
        service.ensureRunning();
        assertThat(TestAgent.run(context, "server", "start")).startsWith("3 ").contains("another server uses");
    }

    @Test
    void credentialsAreMadeListedAndRevokedWhileTheServerRuns() throws Exception {
        ServiceEndpoint endpoint = service.ensureRunning();
        String created = TestAgent.run(context, "server", "credentials", "create", "--label", "for tests");
        String key = created.lines().findFirst().orElseThrow().replaceFirst("^0 access_key: ", "");
        assertThat(TestAgent.run(context, "server", "credentials", "list"))
                .contains(key)
                .contains("for tests")
                .contains(endpoint.accessKey());
        assertThat(TestAgent.run(context, "server", "credentials", "revoke", key))
                .startsWith("0 ");
        assertThat(TestAgent.run(context, "server", "credentials", "revoke", key))
                .startsWith("1 ");
    }

    @Test
    void revokingTheKeyOfThisMachineMakesANewOne() throws Exception {
        ServiceEndpoint before = service.ensureRunning();
        assertThat(TestAgent.run(context, "server", "credentials", "revoke", before.accessKey()))
                .startsWith("0 ")
                .contains("the programs of this machine use ");
        ServiceEndpoint after = service.ensureRunning();
        assertThat(after.accessKey()).isNotEqualTo(before.accessKey());
        assertThat(ApiCall.data(after, "queues.get_all", "{}").path("queues")).isNotEmpty();
        assertThatThrownBy(() -> ApiCall.data(before, "queues.get_all", "{}")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void serverForOtherMachinesWarnsWithoutEncryption() throws Exception {
        service.ensureRunning(new DetachedProcess.Options(Optional.of("0.0.0.0"), Optional.empty(), Optional.empty()));
        assertThat(Files.readString(context.folder().resolve("server.log")))
                .contains("warning: other machines reach this server without encryption");
    }

    @Test
    void backupStartsAsAServer() throws Exception {
        ServiceEndpoint endpoint = service.ensureRunning();
        Path copy = context.folder().resolve("copy");
        assertThat(TestAgent.run(context, "server", "backup", copy.toString())).startsWith("0 ");
        EmbeddedServerService other = new EmbeddedServerService(context, copy);
        try {
            // The copy has the address of the original, which runs.
            assertThatThrownBy(other::ensureRunning).hasMessageContaining("--port NUMBER");
            ServiceEndpoint moved = other.ensureRunning(
                    new DetachedProcess.Options(Optional.empty(), Optional.of("0"), Optional.empty()));
            assertThat(moved.accessKey()).isEqualTo(endpoint.accessKey());
            assertThat(moved.api()).isNotEqualTo(endpoint.api());
        } finally {
            other.stop();
        }
    }

    @Test
    void commandsRefuseTheFolderOfANewerVersion() throws Exception {
        service.ensureRunning();
        service.stop();
        Path file = context.folder().resolve("data").resolve("server.db");
        try (Database database = Database.open(file)) {
            database.write(session -> session.update("PRAGMA user_version = 99"));
        }
        for (String[] command : List.of(
                new String[] {"server", "start"},
                new String[] {
                    "server", "backup", context.folder().resolve("copy").toString()
                },
                new String[] {"server", "credentials", "list"})) {
            assertThat(TestAgent.run(context, command)).startsWith("1 ").contains("written by a newer version");
        }
    }

    @Test
    void serverThatCannotStartSaysWhy() throws Exception {
        Files.createDirectories(context.folder().resolve("data"));
        Files.writeString(context.folder().resolve("data").resolve("server.db"), "this is no database, really not one");
        assertThatThrownBy(() -> service.ensureRunning())
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
                .hasMessageContaining("not a database")
                .hasMessageContaining("server.log");
    }
}
