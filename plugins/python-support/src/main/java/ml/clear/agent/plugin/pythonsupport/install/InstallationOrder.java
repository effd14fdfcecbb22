// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.List;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * Packages that are not installed together with the others, by their normal names.
 *
 * @param priority to install before the others when building all at once fails
 * @param priorityOptional to install before the others; may fail
 * @param post to install after the others
 * @param postOptional to install after the others; may fail
 */
record InstallationOrder(
        List<String> priority, List<String> priorityOptional, List<String> post, List<String> postOptional) {

    InstallationOrder {
        priority = List.copyOf(priority);
        priorityOptional = List.copyOf(priorityOptional);
        post = List.copyOf(post);
        postOptional = List.copyOf(postOptional);
    }

    static InstallationOrder of(Settings settings) {
        return new InstallationOrder(
                names(settings.get(PackageSettings.PRIORITY_PACKAGES)),
                names(settings.get(PackageSettings.PRIORITY_OPTIONAL_PACKAGES)),
                names(settings.get(PackageSettings.POST_PACKAGES)),
                names(settings.get(PackageSettings.POST_OPTIONAL_PACKAGES)));
    }

    private static List<String> names(List<String> packages) {
        return packages.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(Requirement::normalName)
                .toList();
    }
}
