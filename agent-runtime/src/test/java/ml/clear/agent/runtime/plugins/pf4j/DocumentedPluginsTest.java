// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The example of every page about a kind of plugin is compiled, installed and started. */
class DocumentedPluginsTest extends PluginFixture {

    private static final Path PAGES = Path.of("..", "docs", "plugins");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n(package example;\n.*?)```\n");

    @ParameterizedTest
    @CsvSource({
        "credentials, credential provider example-token",
        "executors, executor nice; option --niceness; 1 setting",
        "package-managers, package manager machine",
        "services, background service example-service",
        "settings, 5 settings",
        "storage, storage scheme share",
        "subcommands, subcommand greet",
        "version-control, version control folder",
    })
    void exampleOfThePageIsAPlugin(String page, String contributes) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGES.resolve(page + ".md")));
        assertThat(example.find()).as("an example in " + page).isTrue();
        newJar().module("""
            module example {
                requires ml.clear.agent.api;
                provides ml.clear.agent.api.spi.AgentPlugin with example.ExamplePlugin;
            }
            """)
                .source("example.ExamplePlugin", example.group(1))
                .manifest("Plugin-Id", "example")
                .manifest("Plugin-Version", "1.0.0")
                .write(plugins().resolve("example.jar"));

        InstalledPlugin plugin = find(load(), "example");

        assertThat(plugin.status()).isInstanceOf(PluginStatus.Started.class);
        assertThat(plugin.contributions().summary()).isEqualTo(contributes);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPageHasAnExampleThatIsTried(Path page) {
        assertThat(page.getFileName().toString())
                .isIn(
                        "credentials.md",
                        "executors.md",
                        "package-managers.md",
                        "services.md",
                        "settings.md",
                        "storage.md",
                        "subcommands.md",
                        "version-control.md");
    }

    static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return pages.sorted().toList();
        }
    }
}
