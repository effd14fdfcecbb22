// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.FrozenRequirements;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/** Lists what a virtual environment holds, read from the metadata of its packages; no installer has to be there. */
public final class FrozenEnvironment {

    private static final Version FIRST_WITHOUT_SETUPTOOLS = Version.of("3.12").orElseThrow();

    private FrozenEnvironment() {}

    /**
     * The lines of a requirements file that install the same. Tools that every environment has are left out unless the task
     * requires them.
     *
     * @param below folders with packages that the environment sees besides, unless it has them itself
     * @param python the version of the interpreter
     * @param root the root of the task's code, absolute
     */
    public static List<String> of(
            VirtualEnvironment environment, List<Path> below, Version python, RequirementSet required, Path root) {
        InstalledPackages own = InstalledPackages.in(environment.packages());
        Map<String, Installed> installed = new TreeMap<>();
        Stream.concat(own.all().stream(), below.stream().flatMap(folder -> InstalledPackages.in(folder).all().stream()))
                .forEach(one -> installed.putIfAbsent(one.normalName(), one));
        Set<String> tooling = python.compareTo(FIRST_WITHOUT_SETUPTOOLS) < 0
                ? Set.of("pip", "setuptools", "wheel", "distribute")
                : Set.of("pip");
        return new FrozenRequirements(required, root)
                .of(
                        installed.values().stream()
                                .filter(one -> !one.normalName().equals("clearml-agent"))
                                .filter(one -> !tooling.contains(one.normalName())
                                        || required.named(one.name()).isPresent())
                                .toList(),
                        own.version("pip"));
    }

    /** The lines of a freeze without the Python agent, which is no part of a task. */
    static List<String> withoutAgent(CommandResult freeze) {
        return freeze.output()
                .lines()
                .filter(line -> !line.contains("clearml-agent"))
                .toList();
    }
}
