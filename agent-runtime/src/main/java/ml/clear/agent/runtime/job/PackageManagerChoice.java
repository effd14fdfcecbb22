// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;

/**
 * Chooses the package manager of a task: the configured one, unless the repository has a file of another one that the
 * configuration lets decide, and none of the configured one. Safe for several threads.
 */
public final class PackageManagerChoice {

    private final String configured;
    private final List<String> detected;
    private final Function<String, PackageManager> managers;

    /**
     * The rule of a configuration.
     *
     * @param configured the name of the configured package manager
     * @param detected the names of registered package managers that a repository may choose, in the order in which they are
     *     asked
     * @param managers gives a package manager by its name; asked only when it is needed
     */
    public PackageManagerChoice(String configured, List<String> detected, Function<String, PackageManager> managers) {
        this.configured = configured;
        this.detected = List.copyOf(detected);
        this.managers = managers;
    }

    /** The package manager for these sources; the console shows which one and why. */
    PackageManager choose(SourceTree sources, Console console) {
        if (sources.repository() && !detected.isEmpty()) {
            Optional<String> own = managers.apply(configured).claims(sources);
            if (own.isPresent()) {
                console.line("package manager: " + configured + " (agent.package_manager.type), and the repository has "
                        + own.get());
                return managers.apply(configured);
            }
            for (String name : detected) {
                PackageManager manager = managers.apply(name);
                Optional<String> file = manager.claims(sources);
                if (file.isPresent()) {
                    console.line("package manager: " + name + ", since the repository has " + file.get());
                    return manager;
                }
            }
        }
        console.line("package manager: " + configured + " (agent.package_manager.type)");
        return managers.apply(configured);
    }
}
