// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.testkit.PythonWheel;
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
            Path project = folder.resolve("my-tokens");
            assertThat(ok(home.run("plugins", "new", project.toString(), "--package", "com.acme.tokens")))
                    .contains("mvn verify");

            build(project, "com.acme.tokens.TokenFilesTest");

            Path jar = project.resolve("target/my-tokens-1.0.0.jar");
            assertThat(ok(home.run("plugins", "verify", jar.toString())))
                    .contains("plugin my-tokens 1.0.0: credential provider my-tokens; 1 setting")
                    .contains("making credential provider 'my-tokens'")
                    .endsWith("verified\n");
            String digest =
                    ok(Shell.in(folder).run("sha256sum", jar.toString())).substring(0, 64);
            Shell.Finished refused = home.run("plugins", "install", "--sha256", "0".repeat(64), jar.toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("has SHA-256 " + digest);
            Path plugins = home.folder().resolve(".clearml/plugins");
            assertThat(ok(home.run("plugins", "install", "--sha256", digest, jar.toString())))
                    .contains("installed plugin my-tokens 1.0.0 as " + plugins.resolve("my-tokens.jar"));
            assertThat(plugins.resolve("plugins.lock")).content().contains("my-tokens 1.0.0 my-tokens.jar " + digest);
            assertThat(ok(home.run("config", "explain", "agent.my_tokens.folder")))
                    .contains("Folder with one file for each host");

            assertThat(ok(home.run("plugins", "disable", "my-tokens"))).contains("my-tokens is disabled");
            assertThat(ok(home.run("plugins", "enable", "my-tokens"))).contains("my-tokens is started");

            Files.write(plugins.resolve("my-tokens.jar"), List.of("changed"));
            Shell.Finished changed = home.run("plugins", "list", "--json");
            assertThat(changed.status()).isEqualTo(1);
            assertThat(changed.out()).contains("\"state\": \"failed\"");
            assertThat(changed.err()).contains("has changed since it was installed");

            Path zip = project.resolve("target/my-tokens-1.0.0-plugin.zip");
            assertThat(ok(home.run("plugins", "install", zip.toString()))).contains("my-tokens.zip");
            assertThat(plugins.resolve("my-tokens.jar")).doesNotExist();
            assertThat(ok(home.run("plugins", "list"))).containsPattern("(?m)^my-tokens +1\\.0\\.0 +started");
            assertThat(ok(home.run("plugins", "remove", "my-tokens"))).contains("my-tokens.zip");
            assertThat(ok(home.run("plugins", "list"))).doesNotContain("my-tokens");
        }
    }

    @Test
    void packageManagerMadeFromTheTemplatePassesItsSuiteAndInstallsForATask() throws IOException {
        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())) {
            Path project = folder.resolve("acme-locked");
            ok(home.run("plugins", "new", project.toString(), "--package", "com.acme.locked"));
            takeSources(project);
            build(project, "com.acme.locked.LockedPackagesTest");
            Path zip = project.resolve("target/acme-locked-1.0.0-plugin.zip");
            assertThat(ok(home.run("plugins", "verify", zip.toString()))).contains("package manager acme-locked");
            ok(home.run("plugins", "install", zip.toString()));
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
    }

    /** Puts the sources of a package manager, which uses python-support, in place of those of the template. */
    private static void takeSources(Path project) throws IOException {
        Path sources =
                Path.of(System.getProperty("repository"), "distribution/src/test/plugin-projects/package-manager");
        for (String part : List.of("main", "test")) {
            Path root = project.resolve("src").resolve(part).resolve("java");
            Path own = root.resolve("com/acme/locked");
            Folders.clear(own);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(sources.resolve(part))) {
                for (Path file : files) {
                    boolean module = file.endsWith("module-info.java");
                    Files.copy(
                            file,
                            (module ? root : own).resolve(file.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Path pom = project.resolve("pom.xml");
        String dependency = "<groupId>ml.clear.agent</groupId>\n            <artifactId>";
        String text = Files.readString(pom);
        int testkit = text.lastIndexOf("<dependency>", text.indexOf(dependency + "testkit"));
        Files.writeString(
                pom,
                text.substring(0, testkit) + "<dependency>" + dependency + "python-support</artifactId></dependency>"
                        + text.substring(testkit));
    }

    /** Builds a project with its tests, offline but for the repository of the distribution, which is a folder. */
    private void build(Path project, String test) throws IOException {
        Shell.Finished built = Shell.in(project)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .run(
                        "mvn",
                        "-B",
                        "-q",
                        "-o",
                        "-Daether.offline.protocols=file",
                        "-Dmaven.repo.local=" + localRepository(),
                        "verify");
        assertThat(built.status()).as(built.out() + built.err()).isZero();
        assertThat(project.resolve("target/surefire-reports/TEST-" + test + ".xml"))
                .content()
                .contains("errors=\"0\"", "failures=\"0\"")
                .doesNotContain("tests=\"0\"");
    }

    /** The machine's local repository, without what a vendor's build got from an earlier build of this version. */
    private Path localRepository() throws IOException {
        Path own = Files.createDirectory(folder.resolve("local-repository"));
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(Path.of(System.getProperty("maven.repository")))) {
            for (Path group : groups) {
                if (!group.endsWith("ml")) {
                    Files.createSymbolicLink(own.resolve(group.getFileName()), group);
                }
            }
        }
        return own;
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

    private static String ok(Shell.Finished finished) {
        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        return finished.out();
    }
}
