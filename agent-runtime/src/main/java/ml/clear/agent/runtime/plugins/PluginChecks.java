// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.SettingsCheck;
import ml.clear.agent.api.error.AgentException;

/** Has every started plugin check its settings against each other. A check that fails itself stops nothing. */
public final class PluginChecks {

    private PluginChecks() {}

    /**
     * What a plugin found.
     *
     * @param setting the setting that is to blame
     * @param error whether the configuration cannot be used
     * @param text what is wrong, on one line
     */
    public record Finding(Setting<?> setting, boolean error, String text) {}

    /** All findings, in the order of the plugins. */
    public static List<Finding> run(List<InstalledPlugin> plugins, Settings settings) {
        List<Finding> findings = new ArrayList<>();
        for (InstalledPlugin plugin : plugins) {
            if (plugin.status() instanceof PluginStatus.Started started) {
                Contributions contributions = started.contributions();
                if (!contributions.settings().isEmpty()) {
                    run(new PluginCall(plugin, started.loader()), contributions, settings, findings);
                }
            }
        }
        return findings;
    }

    private static void run(PluginCall edge, Contributions contributions, Settings settings, List<Finding> findings) {
        try {
            for (Consumer<SettingsCheck> check : contributions.checks()) {
                edge.run("check()", () -> {
                    check.accept(new Collecting(settings, findings));
                    return true;
                });
            }
        } catch (AgentException e) {
            findings.add(
                    new Finding(contributions.settings().getFirst(), false, ExceptionSummary.oneLine(e.getMessage())));
        }
    }

    private record Collecting(Settings settings, List<Finding> findings) implements SettingsCheck {

        @Override
        public void error(Setting<?> setting, String problem) {
            findings.add(new Finding(setting, true, ExceptionSummary.oneLine(problem)));
        }

        @Override
        public void warning(Setting<?> setting, String problem) {
            findings.add(new Finding(setting, false, ExceptionSummary.oneLine(problem)));
        }
    }
}
