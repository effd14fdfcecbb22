// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.plugin.conda.CondaPrefix.CondaPackage;
import ml.clear.agent.plugin.pythonsupport.FrozenRequirements;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * What a conda environment holds, as the Python agent records it: all packages of channels as conda's list, and all Python
 * packages as pip's, so that an agent with either package manager installs the same.
 */
final class FrozenConda {

    /** Every environment has these; pip's list names them only when the task does. */
    private static final Set<String> TOOLS = Set.of("pip", "setuptools", "wheel");

    private FrozenConda() {}

    /**
     * The packages.
     *
     * @param required what pip was asked for
     * @param root the root of the task's code
     * @param recorded whether they are recorded in the task
     */
    static FrozenPackages of(CondaPrefix prefix, RequirementSet required, Path root, boolean recorded) {
        List<Installed> ofChannels = named(prefix.fromChannels(), required);
        List<Installed> others = named(prefix.fromPip(), required).stream()
                .filter(one -> !one.normalName().equals("clearml-agent"))
                .toList();
        List<String> pip = new ArrayList<>();
        if (!ofChannels.isEmpty()) {
            pip.add("# Conda Packages");
            ofChannels.forEach(one -> pip.add(one.name() + "==" + one.version()));
        }
        List<String> lines = new FrozenRequirements(required, root).of(others, Optional.empty());
        if (!lines.isEmpty()) {
            pip.add("# pip Packages");
            pip.addAll(lines);
        }
        List<String> conda = prefix.packages().stream().map(CondaPackage::line).toList();
        return new FrozenPackages(pip, conda, recorded);
    }

    private static List<Installed> named(List<Installed> packages, RequirementSet required) {
        return packages.stream()
                .filter(one -> !TOOLS.contains(one.normalName())
                        || required.named(one.name()).isPresent())
                .toList();
    }
}
