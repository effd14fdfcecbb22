// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.config.Setting;

/**
 * Compares the keys that select plugins with what plugins contribute.
 *
 * @param packageManagers the names of the registered package managers
 * @param executors the names of the registered executors
 * @param credentialProviders the names of the registered providers of credentials
 */
public record SelectionCheck(List<String> packageManagers, List<String> executors, List<String> credentialProviders) {

    /** One error for each name that is not registered. */
    public List<Problem> problems(Configuration configuration) {
        List<Problem> problems = new ArrayList<>();
        check(
                configuration,
                SelectionSettings.PACKAGE_MANAGER,
                List.of(configuration.get(SelectionSettings.PACKAGE_MANAGER)),
                "package managers",
                packageManagers,
                problems);
        check(
                configuration,
                SelectionSettings.EXECUTOR,
                List.of(configuration.get(SelectionSettings.EXECUTOR)),
                "executors",
                executors,
                problems);
        check(
                configuration,
                SelectionSettings.VCS_CREDENTIALS,
                configuration.get(SelectionSettings.VCS_CREDENTIALS).orElse(List.of()),
                "providers of credentials",
                credentialProviders,
                problems);
        return problems;
    }

    private static void check(
            Configuration configuration,
            Setting<?> setting,
            List<String> selected,
            String kind,
            List<String> registered,
            List<Problem> problems) {
        for (String name : selected) {
            if (!name.isEmpty() && !registered.contains(name)) {
                problems.add(Problem.value(
                        Problem.Severity.ERROR,
                        configuration.origin(setting),
                        setting.key(),
                        setting.key() + " is '" + name + "'; registered " + kind + " are "
                                + String.join(", ", registered)));
            }
        }
    }
}
