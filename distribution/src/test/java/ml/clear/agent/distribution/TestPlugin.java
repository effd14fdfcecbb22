// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A plugin that a test compiles.
 *
 * @param id its id, also the name of its module and of its package
 * @param provider the name of its class
 * @param source the text of that class
 * @param others more source files, of any packages
 */
record TestPlugin(String id, String provider, String source, List<Path> others) {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));

    TestPlugin(String id, String provider, String source) {
        this(id, provider, source, List.of());
    }

    /** Compile it into a jar in the folder of plugins, working in another folder. */
    void install(Path plugins, Path work) throws IOException {
        Path sources = Files.createDirectories(work.resolve(id + " sources"));
        Path classes = work.resolve(id + " classes");
        Path api =
                REPOSITORY.resolve("agent-api/target/agent-api-" + System.getProperty("distribution.version") + ".jar");
        Path java = Path.of(System.getProperty("java.home"), "bin");
        List<String> compile = new ArrayList<>(
                List.of(java.resolve("javac").toString(), "-d", classes.toString(), "-p", api.toString()));
        compile.add(Files.writeString(sources.resolve("module-info.java"), """
            module %1$s {
                requires ml.clear.agent.api;

                provides ml.clear.agent.api.spi.AgentPlugin with
                        %1$s.%2$s;
            }
            """.formatted(id, provider))
                .toString());
        compile.add(
                Files.writeString(sources.resolve(provider + ".java"), source).toString());
        others.forEach(file -> compile.add(file.toString()));
        Shell shell = Shell.in(work);
        Shell.Finished compiled = shell.run(compile.toArray(String[]::new));
        assertThat(compiled.status()).as(compiled.err()).isZero();
        Path manifest = Files.writeString(work.resolve(id + " manifest"), """
            Plugin-Id: %s
            Plugin-Version: 1.0.0
            Plugin-Requires: >=0.1.0
            """.formatted(id));
        Shell.Finished packed = shell.run(
                java.resolve("jar").toString(),
                "--create",
                "--file",
                plugins.resolve(id + ".jar").toString(),
                "--manifest",
                manifest.toString(),
                "-C",
                classes.toString(),
                ".");
        assertThat(packed.status()).as(packed.err()).isZero();
    }
}
