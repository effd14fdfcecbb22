// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.file.ContentKey;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.Interpreter;

/**
 * The packages of an interpreter itself, which environments see where {@code agent.package_manager.system_site_packages} says so.
 *
 * @param seen whether environments see them
 * @param folders where they are
 */
record SystemPackages(boolean seen, List<Path> folders) {

    /** Under this name they are part of the identity of an environment. */
    static final String NAME = "system packages";

    /** Copies the list. */
    SystemPackages {
        folders = List.copyOf(folders);
    }

    static SystemPackages of(Settings settings, Interpreter interpreter) {
        boolean seen = settings.get(PackageSettings.SYSTEM_SITE_PACKAGES);
        return new SystemPackages(seen, seen ? interpreter.packageFolders() : List.of());
    }

    /** An environment holds only what the interpreter lacks, so it serves no interpreter with other packages. */
    String identity() {
        if (!seen) {
            return "false";
        }
        String packages = folders.stream()
                .flatMap(folder -> InstalledPackages.in(folder).all().stream())
                .map(one -> one.normalName() + "==" + one.version())
                .distinct()
                .sorted()
                .collect(Collectors.joining("\n"));
        return ContentKey.of(new TreeMap<>(Map.of(NAME, packages)));
    }
}
