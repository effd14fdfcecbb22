// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.plugin.pip.PipPlugin;
import ml.clear.agent.testkit.PackageManagerContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Tag;

/** The contract for tasks without a project, which poetry leaves to the real pip. */
@Tag("thorough")
class PoetryPackageManagerIT extends PackageManagerContract {

    @Override
    protected PackageManager manager(TestContext context, Path packages) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("PIP_"));
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put("PIP_NO_INDEX", "1");
        variables.put("PIP_FIND_LINKS", packages.toUri().toString());
        variables.put("PIP_NO_CACHE_DIR", "1");
        PipPlugin plugin = new PipPlugin();
        TestSettings anyPip = plugin.settings().stream()
                .filter(setting -> setting.key().endsWith(".pip_version"))
                .map(setting -> TestSettings.defaults().with(setting, ">=9"))
                .findFirst()
                .orElseThrow();
        TestContext own = context.with(anyPip).with(variables);
        PackageManager pip = plugin.packageManagers().getFirst().create(own);
        return new PoetryPackageManager(own.with("pip", pip));
    }
}
