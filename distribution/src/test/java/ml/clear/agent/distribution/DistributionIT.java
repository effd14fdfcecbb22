// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archive holds, and what it must not hold. */
class DistributionIT {

    @TempDir
    private static Path folder;

    private static Installation installation;

    @BeforeAll
    static void unpack() {
        installation = Installation.unpackedInto(folder);
    }

    @Test
    void everyEntryHasOneOwnerAndOneTime() {
        Shell.Finished listing = Shell.in(folder)
                .with("TZ", "UTC")
                .run("tar", "-tvzf", Installation.ARCHIVE.toString(), "--numeric-owner", "--full-time");

        assertThat(listing.out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).matches("\\S+ 0/0 +\\d+ 2026-11-24 00:00:00 .*"));
    }

    @Test
    void certificatesOfTheBuildMachineStayThere() {
        assertThat(installation.home().resolve("runtime/lib/security")).isDirectory();
        assertThat(installation.home().resolve("runtime/lib/security/cacerts")).doesNotExist();
    }

    @Test
    void everyPluginIsDescribedAndCarriesNoCopyOfTheApi() throws IOException {
        try (Stream<Path> plugins = Files.list(installation.home().resolve("plugins"))) {
            assertThat(plugins.toList()).isNotEmpty().allSatisfy(plugin -> {
                var descriptor = new Properties();
                try (var reader = Files.newBufferedReader(plugin.resolve("plugin.properties"))) {
                    descriptor.load(reader);
                }
                assertThat(descriptor.getProperty("plugin.id"))
                        .isEqualTo(plugin.getFileName().toString());
                assertThat(descriptor).containsEntry("plugin.requires", ">=0.1.0 & <0.2.0");
                assertThat(descriptor.values())
                        .noneMatch(value -> value.toString().contains("${"));
                assertThat(Installation.list(plugin.resolve("modules"), ".jar")).isNotEmpty();
                try (Stream<Path> jars = Files.walk(plugin)) {
                    assertThat(jars)
                            .noneMatch(jar -> jar.getFileName().toString().startsWith("agent-api"));
                }
            });
        }
    }

    @Test
    void ourJarsLieOnTheModulePathBesideTheRuntime() {
        assertThat(installation.jar("agent-api")).isRegularFile();
        assertThat(installation.jar("agent-runtime")).isRegularFile();
        Shell.Finished modules =
                Shell.in(folder).run(folder.resolve("runtime/bin/java").toString(), "--list-modules");
        assertThat(modules.out())
                .contains("java.rmi@", "java.sql@", "jdk.httpserver@")
                .doesNotContain("ml.clear", "java.desktop@");
    }
}
