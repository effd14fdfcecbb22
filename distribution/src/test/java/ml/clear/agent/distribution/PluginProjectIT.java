// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From nothing to a working plugin with what the distribution brings: template, offline repository, commands. */
@Tag("thorough")
class PluginProjectIT {

    private static final String VERSION = System.getProperty("distribution.version");

    @TempDir
    private Path folder;

    @Test
    void projectFromTheTemplatePassesItsTestsAndItsPluginWorks() throws IOException {
        Installation installation = Installation.shared();
        try (AgentHome home = AgentHome.emptyIn(folder, installation)) {
            VendorProject made = VendorProject.create(home, folder.resolve("my-tokens"), "com.acme.tokens");
            made.build("TokenFilesTest");
            Path project = made.folder();

            Path jar = project.resolve("target/my-tokens-1.0.0.jar");
            assertThat(VendorProject.ok(home.run("plugins", "verify", jar.toString())))
                    .contains("plugin my-tokens 1.0.0: credential provider my-tokens; 1 setting")
                    .contains("making credential provider 'my-tokens'")
                    .endsWith("verified\n");
            String digest = VendorProject.ok(Shell.in(folder).run("sha256sum", jar.toString()))
                    .substring(0, 64);
            Shell.Finished refused = home.run("plugins", "install", "--sha256", "0".repeat(64), jar.toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("has SHA-256 " + digest);
            Path plugins = home.folder().resolve(".clearml/plugins");
            assertThat(VendorProject.ok(home.run("plugins", "install", "--sha256", digest, jar.toString())))
                    .contains("installed plugin my-tokens 1.0.0 as " + plugins.resolve("my-tokens.jar"));
            assertThat(plugins.resolve("plugins.lock")).content().contains("my-tokens 1.0.0 my-tokens.jar " + digest);
            assertThat(VendorProject.ok(home.run("config", "explain", "agent.my_tokens.folder")))
                    .contains("Folder with one file for each host");

            assertThat(VendorProject.ok(home.run("plugins", "disable", "my-tokens")))
                    .contains("my-tokens is disabled");
            assertThat(VendorProject.ok(home.run("plugins", "enable", "my-tokens")))
                    .contains("my-tokens is started");

            installsFromARepositoryAndAnAddress(home, jar, digest);
            installsOnlyWhatIsSigned(home, jar);

            Files.write(plugins.resolve("my-tokens.jar"), List.of("changed"));
            Shell.Finished changed = home.run("plugins", "list", "--json");
            assertThat(changed.status()).isEqualTo(1);
            assertThat(changed.out()).contains("\"state\": \"failed\"");
            assertThat(changed.err()).contains("has changed since it was installed");

            Path zip = project.resolve("target/my-tokens-1.0.0-plugin.zip");
            assertThat(VendorProject.ok(home.run("plugins", "install", zip.toString())))
                    .contains("my-tokens.zip");
            assertThat(plugins.resolve("my-tokens.jar")).doesNotExist();
            assertThat(VendorProject.ok(home.run("plugins", "list")))
                    .containsPattern("(?m)^my-tokens +1\\.0\\.0 +started");
            assertThat(VendorProject.ok(home.run("plugins", "remove", "my-tokens")))
                    .contains("my-tokens.zip");
            assertThat(VendorProject.ok(home.run("plugins", "list"))).doesNotContain("my-tokens");
        }
    }

    private void installsFromARepositoryAndAnAddress(AgentHome home, Path jar, String digest) throws IOException {
        Path place = Files.createDirectories(folder.resolve("repository/com/acme/my-tokens/1.0.0"));
        Files.copy(jar, place.resolve("my-tokens-1.0.0.jar"));
        String repository = folder.resolve("repository").toUri().toString();
        for (String source : List.of("com.acme:my-tokens:1.0.0", jar.toUri().toString())) {
            Shell.Finished installed =
                    home.run("plugins", "install", "--repository", repository, "--sha256", digest, source);

            assertThat(VendorProject.ok(installed)).contains("installed plugin my-tokens 1.0.0");
            assertThat(home.clearml().resolve("plugins/plugins.lock")).content().contains(source);
        }
    }

    private void installsOnlyWhatIsSigned(AgentHome home, Path jar) {
        Shell shell = Shell.in(folder);
        VendorProject.ok(shell.run("openssl", "genpkey", "-algorithm", "ED25519", "-out", "author.pem"));
        VendorProject.ok(shell.run("openssl", "pkey", "-in", "author.pem", "-pubout", "-out", "author.pub"));
        AgentHome careful =
                home.with("CLEARML_AGENT__AGENT__PLUGINS__TRUSTED_KEYS", "[" + folder.resolve("author.pub") + "]");

        Shell.Finished unsigned = careful.run("plugins", "install", jar.toString());
        assertThat(unsigned.status()).isEqualTo(1);
        assertThat(unsigned.err())
                .contains("'" + jar + "' is not installed: it has no signature 'my-tokens-1.0.0.jar.sig' beside it");

        VendorProject.ok(shell.run(
                "openssl",
                "pkeyutl",
                "-sign",
                "-rawin",
                "-inkey",
                "author.pem",
                "-in",
                jar.toString(),
                "-out",
                jar + ".sig"));
        assertThat(VendorProject.ok(careful.run("plugins", "install", jar.toString())))
                .contains("installed plugin");
        assertThat(VendorProject.ok(careful.run("plugins", "list")))
                .containsPattern("(?m)^my-tokens +1\\.0\\.0 +started");
    }

    @Test
    void coordinatesAreLookedUpInTheNamedRepository() throws IOException {
        Installation installation = Installation.shared();
        try (AgentHome home = AgentHome.emptyIn(folder, installation)) {
            String address = "file://" + installation.home().resolve("sdk/repository");

            Shell.Finished noPlugin =
                    home.run("plugins", "install", "--repository", address, "ml.clear.agent:agent-api:" + VERSION);
            Shell.Finished missing =
                    home.run("plugins", "install", "--repository", address, "ml.clear.agent:no-plugin:" + VERSION);

            assertThat(noPlugin.status()).isEqualTo(1);
            assertThat(noPlugin.err()).contains("its manifest has no Plugin-Id");
            assertThat(missing.status()).isEqualTo(1);
            assertThat(missing.err()).contains("no repository has plugin 'ml.clear.agent:no-plugin:" + VERSION + "'");
        }
    }
}
