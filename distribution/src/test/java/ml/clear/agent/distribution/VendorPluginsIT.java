// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.VendorProject.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugins of docs/examples/plugins: each starts from the template, passes its contract suite against the offline repository
 * of the distribution, and does its work when its zip is installed.
 */
@Tag("thorough")
class VendorPluginsIT {

    private static final String TOKEN = "gho_t0kenOfATest";

    @TempDir
    private Path folder;

    private AgentHome home;

    @BeforeEach
    void makeHome() {
        home = AgentHome.emptyIn(folder, Installation.shared());
    }

    @AfterEach
    void closeHome() {
        home.close();
    }

    @Test
    void everyExampleIsTriedHere() throws IOException {
        assertThat(VendorProject.examples())
                .containsExactly("acme-gh", "acme-inventory", "acme-locked", "acme-nice", "acme-sftp");
    }

    @Test
    void storageMovesObjectsToAServerOfSftp() throws Exception {
        VendorProject.installed(home, folder, "acme-sftp", "com.acme.sftp", "SftpStorageTest");
        try (SshServer server = SshServer.start(Files.createDirectory(folder.resolve("ssh")))) {
            AgentHome agent = home.with(
                            "CLEARML_AGENT__AGENT__ACME_SFTP__KEY",
                            server.userKey().toString())
                    .with(
                            "CLEARML_AGENT__AGENT__ACME_SFTP__KNOWN_HOSTS",
                            server.knownHosts().toString());
            String store = "sftp://127.0.0.1:" + server.port() + folder.resolve("store");
            Path data = Files.createDirectories(folder.resolve("data/deep"));
            Files.write(data.resolve("large"), new byte[20_000_000]);
            Files.writeString(data.resolveSibling("50% + äöü #1"), "content");

            assertThat(ok(agent.run("storage", "check", store)).lines())
                    .containsExactly("ok      write", "ok      read", "ok      list", "ok      delete");
            ok(agent.run("storage", "sync", folder.resolve("data").toString(), store));
            ok(agent.run(
                    "storage",
                    "cp",
                    "--recursive",
                    store,
                    folder.resolve("back").toString()));

            assertThat(folder.resolve("back/50% + äöü #1")).hasContent("content");
            assertThat(folder.resolve("back/deep/large")).hasSize(20_000_000);
            Shell.Finished missing = agent.run("storage", "cat", store + "/none");
            assertThat(missing.status()).isEqualTo(1);
            assertThat(missing.err()).contains("there is no '" + store + "/none'");
            Shell.Finished unknown = agent.with("CLEARML_AGENT__AGENT__ACME_SFTP__KNOWN_HOSTS", "/dev/null")
                    .run("storage", "ls", store);
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("agent.acme_sftp.known_hosts");
        }
    }

    @Test
    void credentialProviderWithALibraryOpensARepository() throws Exception {
        Path served = Files.createDirectories(folder.resolve("served/team"));
        Files.writeString(served.resolve("train.py"), "print('opened')\n");
        Repository.git(served, "init", "--quiet", "--initial-branch=main");
        Repository.git(served, "add", "--all");
        Repository.git(served, "commit", "--quiet", "--message", "A commit");
        String authorization = GitOverHttp.basic("x-access-token", TOKEN);
        try (DaemonFixture fixture = DaemonFixture.in(Files.createDirectory(folder.resolve("server")));
                GitOverHttp git = new GitOverHttp("127.0.0.1", folder.resolve("served"), authorization)) {
            VendorProject.installed(fixture.home(), folder, "acme-gh", "com.acme.gh", "GhTokensTest");
            Path tokens = Files.createDirectories(fixture.home().folder().resolve(".config/gh"));
            Files.writeString(tokens.resolve("hosts.yml"), "127.0.0.1:\n    oauth_token: " + TOKEN + "\n");
            Map<String, Object> script = Map.of(
                    "binary", "python3",
                    "entry_point", "train.py",
                    "working_dir", ".",
                    "repository", git.address("team/.git"),
                    "branch", "main",
                    "requirements", Map.of("pip", ""));
            String task = fixture.server()
                    .call("tasks.create", Map.of("name", "tokens", "type", "testing", "script", script))
                    .get("id")
                    .asString();

            Shell.Finished ran = fixture.home()
                    .with("CLEARML_AGENT__AGENT__VCS_CREDENTIALS", "[acme-gh]")
                    .run("execute", "--id", task);

            assertThat(ok(ran)).contains("opened").doesNotContain(TOKEN);
            assertThat(git.authorizations()).contains(authorization);
        }
    }

    @Test
    void executorWithAPrefixRunsTasksWithIt() throws Exception {
        VendorProject.installed(home, folder, "acme-nice", "com.acme.nice", "NicePluginTest");
        Path script = Files.writeString(folder.resolve("priority.py"), "import os\nprint('niceness', os.nice(0))\n");

        assertThat(ok(home.with("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "acme-nice")
                        .run("run", script.toString())))
                .contains("niceness 10\n");
        assertThat(ok(home.run("run", "--niceness", "7", script.toString()))).contains("niceness 7\n");
    }

    @Test
    void packageManagerInstallsWhatItsLockFileNames() throws Exception {
        VendorProject.installed(home, folder, "acme-locked", "com.acme.locked", "LockedPackagesTest");
        Path wheels = folder.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(code.resolve("acme.lock"), "alpha==1.0\n");
        Path script = Files.writeString(code.resolve("train.py"), "import alpha\nprint('with', alpha.VERSION)\n");

        Shell.Finished ran = home.with("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__TYPE", "acme-locked")
                .with("PIP_CONFIG_FILE", "/dev/null")
                .with("PIP_NO_INDEX", "1")
                .with("PIP_FIND_LINKS", wheels.toUri().toString())
                .run("run", script.toString());

        assertThat(ok(ran)).contains("installing what acme.lock names", "with 1.0");
    }

    @Test
    void subcommandIsACommandOfTheAgent() throws Exception {
        VendorProject.installed(home, folder, "acme-inventory", "com.acme.inventory", "InventoryTest");
        Files.write(home.folder().resolve("clearml.conf"), List.of("agent.acme_inventory.labels { rack: \"7\" }"));

        assertThat(ok(home.run("--help"))).containsPattern("inventory +Print the facts of this machine, one a line");
        assertThat(ok(home.run("inventory", "--separator", "=", "--only", "label.rack", "processors")))
                .startsWith("label.rack=7\nprocessors=");
        Shell.Finished misspelt = home.run("inventory", "--seperator", "=");
        assertThat(misspelt.status()).isEqualTo(2);
        assertThat(misspelt.err()).contains("--separator");
    }
}
