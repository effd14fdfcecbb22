// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.junit.jupiter.api.Test;

class Pf4jPluginHostTest extends PluginFixture {

    @Test
    void foldersZipsAndJarsAreFoundInTheOrderOfTheirNames() {
        Path zip = plugin("charlie").zipIn(plugins());
        Path jar = plugin("bravo").jarIn(plugins());
        Path folder = plugin("alpha").folderIn(plugins());

        assertThat(load())
                .extracting(
                        InstalledPlugin::id,
                        InstalledPlugin::version,
                        InstalledPlugin::origin,
                        each -> each.status().word())
                .containsExactly(
                        tuple("alpha", "1.0.0", folder, "started"),
                        tuple("bravo", "1.0.0", jar, "started"),
                        tuple("charlie", "1.0.0", zip, "started"));
    }

    @Test
    void foldersComeInTheGivenOrderAndMayBeAbsent() {
        Path builtin = temporary.resolve("builtin");
        plugin("zulu").folderIn(builtin);
        plugin("alpha").folderIn(plugins());

        assertThat(load(List.of(builtin, temporary.resolve("nowhere"), plugins()), List.of()))
                .extracting(InstalledPlugin::id)
                .containsExactly("zulu", "alpha");
    }

    @Test
    void everythingElseInAFolderIsPassedOver() throws IOException {
        plugin("alpha").folderIn(plugins());
        Files.writeString(plugins().resolve("README.txt"), "hello");
        Files.createDirectories(plugins().resolve(".git"));

        assertThat(load()).extracting(InstalledPlugin::id).containsExactly("alpha");
    }

    @Test
    void noFolderAtAllMeansNoPlugins() {
        assertThat(load()).isEmpty();
    }

    @Test
    void zipIsUnpackedIntoTheCacheOnceAndNeverBeside() throws IOException {
        plugin("alpha").zipIn(plugins());
        Files.setPosixFilePermissions(plugins(), PosixFilePermissions.fromString("r-xr-xr-x"));

        load();
        List<Path> unpacked = entries(cache());
        PluginStatus again = find(load(), "alpha").status();

        assertThat(entries(plugins())).hasSize(1);
        assertThat(unpacked).hasSize(1);
        assertThat(entries(cache())).isEqualTo(unpacked);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.getFirst())))
                .isEqualTo("rwx------");
        assertThat(again)
                .isInstanceOfSatisfying(
                        PluginStatus.Started.class,
                        started -> assertThat(started.folder()).isEqualTo(unpacked.getFirst()));
    }

    @Test
    void changedZipIsUnpackedAnewAndTheOldFolderLeftToWhoUsesIt() throws IOException {
        plugin("alpha").zipIn(plugins());
        load();
        List<Path> before = entries(cache());
        Files.delete(plugins().resolve("alpha.zip"));
        plugin("alpha").with("version", "1.1.0").zipIn(plugins());

        assertThat(find(load(), "alpha").version()).isEqualTo("1.1.0");
        assertThat(entries(cache())).hasSize(2).containsAll(before);
    }

    @Test
    void zipWithOneFolderAtItsTopWorks() throws IOException {
        Path staging = temporary.resolve("staging");
        plugin("alpha").folderIn(staging);
        TestZip.of(staging, plugins().resolve("alpha.zip"));

        assertThat(find(load(), "alpha").status()).isInstanceOf(PluginStatus.Started.class);
    }

    @Test
    void severalAtOnceUnpackOneZip() throws Exception {
        plugin("alpha").zipIn(plugins());
        Callable<String> opening = () -> {
            try (PluginHost host =
                    Pf4jPluginHost.open(request(List.of(plugins())).build())) {
                return host.plugins().getFirst().status().word();
            }
        };

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<String> result : threads.invokeAll(Collections.nCopies(8, opening))) {
                assertThat(result.get()).isEqualTo("started");
            }
        }
        assertThat(entries(cache())).hasSize(1);
    }

    @Test
    void disabledPluginLoadsNoClass() throws IOException {
        plugin("alpha").body(traced("alpha")).folderIn(plugins());
        plugin("bravo")
                .body(traced("bravo") + TestPlugin.packageManager("bravo"))
                .folderIn(plugins());
        Path list = Files.writeString(plugins().resolve("disabled.txt"), "# not today\n  alpha \n");

        List<InstalledPlugin> found = load();

        assertThat(find(found, "alpha").status()).isEqualTo(new PluginStatus.Disabled("listed in " + list));
        assertThat(System.getProperty("test.loaded.alpha")).isNull();
        assertThat(System.getProperty("test.loaded.bravo")).isEqualTo("yes");
    }

    @Test
    void userDisablesWhatTheDistributionBrings() throws IOException {
        Path builtin = temporary.resolve("builtin");
        plugin("alpha").folderIn(builtin);
        Files.createDirectories(plugins());
        Files.writeString(plugins().resolve("disabled.txt"), "alpha\n");

        assertThat(find(load(List.of(builtin, plugins()), List.of()), "alpha")
                        .status()
                        .word())
                .isEqualTo("disabled");
    }

    @Test
    void listOfEnabledPluginsDisablesTheOthers() throws IOException {
        plugin("alpha").folderIn(plugins());
        plugin("bravo").folderIn(plugins());
        Path list = Files.writeString(plugins().resolve("enabled.txt"), "bravo\n");

        List<InstalledPlugin> found = load();

        assertThat(find(found, "alpha").status()).isEqualTo(new PluginStatus.Disabled("not listed in " + list));
        assertThat(find(found, "bravo").status().word()).isEqualTo("started");
    }

    @Test
    void listThatCannotBeReadIsAnError() throws IOException {
        plugin("alpha").folderIn(plugins());
        Path list = Files.write(plugins().resolve("disabled.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});

        assertThatThrownBy(this::load).isInstanceOf(AgentException.class).hasMessageContaining(list.toString());
    }

    @Test
    void settingsOfStartedPluginsAreCollected() {
        plugin("alpha").body("""
                        public List<Setting<?>> settings() {
                            return List.of(Setting.of("agent.alpha", ValueTypes.TEXT, "", "For a test"));
                        }
                        """).folderIn(plugins());
        try (PluginHost host = Pf4jPluginHost.open(request(List.of(plugins())).build())) {
            assertThat(host.settings()).<String>extracting(Setting::key).containsExactly("agent.alpha");
        }
    }

    private static String traced(String name) {
        return "static { System.setProperty(\"test.loaded.%s\", \"yes\"); }".formatted(name);
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
