// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import org.junit.jupiter.api.Test;

class PluginListingTest {

    @Test
    void everyPluginHasARowAndEveryFailureItsReasonBelow() {
        AgentPlugin pip = new AgentPlugin() {
            @Override
            public List<Setting<?>> settings() {
                return List.of(
                        Setting.of("agent.a", ValueTypes.TEXT, "", "For a test"),
                        Setting.of("agent.b", ValueTypes.TEXT, "", "For a test"));
            }

            @Override
            public List<Factory<PackageManager>> packageManagers() {
                return List.of(Factory.of("pip", context -> request -> {
                    throw new AssertionError("nothing is planned here");
                }));
            }
        };
        InstalledPlugin broken = new InstalledPlugin(
                "broken.jar",
                InstalledPlugin.UNKNOWN_VERSION,
                "",
                Path.of("/home/ci/.clearml/plugins/broken.jar"),
                new PluginStatus.Failed("'broken.jar' is corrupt; copy it again"));
        InstalledPlugin off = FakePlugins.plugin("hg", new PluginStatus.Disabled("listed in /plugins/disabled.txt"));

        assertThat(PluginListing.of(List.of(FakePlugins.started("pip", pip), broken, off)))
                .isEqualTo("""
                        ID          VERSION  STATE     CONTRIBUTES                      FROM
                        pip         1.0.0    started   package manager pip; 2 settings  /plugins/pip
                        broken.jar  ?        failed    -                                /home/ci/.clearml/plugins/broken.jar
                          'broken.jar' is corrupt; copy it again
                        hg          1.0.0    disabled  -                                /plugins/hg
                          listed in /plugins/disabled.txt
                        """);
    }

    @Test
    void noPluginsAreSaidInWords() {
        assertThat(PluginListing.of(List.of())).isEqualTo("no plugins found\n");
    }
}
