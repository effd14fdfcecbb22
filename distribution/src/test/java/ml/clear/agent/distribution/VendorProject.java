// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.file.Folders;

/**
 * A vendor's project: made from the template of the installed agent, and built offline but for the repository of the
 * distribution, which is a folder.
 *
 * @param home where the agent's commands run
 * @param folder the project
 * @param packageName the package and module of the plugin
 */
record VendorProject(AgentHome home, Path folder, String packageName) {

    private static final Path EXAMPLES = Path.of(System.getProperty("repository"), "docs/examples/plugins");
    private static final String TEST_KIT = "<artifactId>testkit</artifactId>";

    /** A project as the template makes it. */
    static VendorProject create(AgentHome home, Path folder, String packageName) {
        String made = ok(home.run("plugins", "new", folder.toString(), "--package", packageName));
        assertThat(made).contains("JDK 25", "mvn verify");
        return new VendorProject(home, folder, packageName);
    }

    /** A project with the sources and dependencies of an example of the documentation, built, tested, and installed. */
    static VendorProject installed(AgentHome home, Path parent, String id, String packageName, String test)
            throws IOException {
        VendorProject project = create(home, parent.resolve(id), packageName);
        project.replaceSources(EXAMPLES.resolve(id));
        project.build(test);
        Path zip = project.folder.resolve("target/" + id + "-1.0.0-plugin.zip");
        assertThat(ok(home.run("plugins", "verify", zip.toString()))).contains("plugin " + id + " 1.0.0: ");
        assertThat(ok(home.run("plugins", "install", zip.toString()))).contains("installed plugin " + id + " 1.0.0");
        return project;
    }

    private void replaceSources(Path example) throws IOException {
        Folders.delete(folder.resolve("src/main/java"));
        Folders.delete(folder.resolve("src/test/java"));
        try (Stream<Path> files = Files.walk(example.resolve("src"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(example.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        Path dependencies = example.resolve("dependencies.xml");
        if (Files.exists(dependencies)) {
            Path pom = folder.resolve("pom.xml");
            String text = Files.readString(pom);
            int before = text.lastIndexOf("        <dependency>", text.indexOf(TEST_KIT));
            Files.writeString(pom, text.substring(0, before) + Files.readString(dependencies) + text.substring(before));
        }
    }

    /** Builds it; its test must have run and passed. */
    void build(String test) throws IOException {
        Shell.Finished built = Shell.in(folder)
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
        assertThat(folder.resolve("target/surefire-reports/TEST-" + packageName + "." + test + ".xml"))
                .content()
                .contains("errors=\"0\"", "failures=\"0\"")
                .doesNotContain("tests=\"0\"");
    }

    /** The machine's local repository, without what a vendor's build got from an earlier build of this version. */
    private Path localRepository() throws IOException {
        Path own = Files.createDirectory(folder.resolveSibling("local-repository-of-" + folder.getFileName()));
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(Path.of(System.getProperty("maven.repository")))) {
            for (Path group : groups) {
                if (!group.endsWith("ml")) {
                    Files.createSymbolicLink(own.resolve(group.getFileName()), group);
                }
            }
        }
        return own;
    }

    /** The output of a command that must have succeeded. */
    static String ok(Shell.Finished finished) {
        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        return finished.out();
    }

    /** The ids of all examples of the documentation. */
    static List<String> examples() throws IOException {
        try (Stream<Path> all = Files.list(EXAMPLES)) {
            return all.filter(Files::isDirectory)
                    .map(example -> example.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
