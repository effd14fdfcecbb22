// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.testkit.PackageManagerContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Tag;

/** The contract, kept by the real pip that comes with the interpreter of this machine. */
@Tag("thorough")
class PipPackageManagerIT extends PackageManagerContract {

    /** Variables under which pip asks nothing but one folder. */
    static Map<String, String> only(Path packages) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("PIP_"));
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put("PIP_NO_INDEX", "1");
        variables.put("PIP_FIND_LINKS", packages.toUri().toString());
        variables.put("PIP_NO_CACHE_DIR", "1");
        return variables;
    }

    /** Any pip, so that the one of the interpreter is good enough. */
    static TestSettings settings() {
        return TestSettings.defaults().with(PipSettings.PIP_VERSION, ">=9");
    }

    @Override
    protected PackageManager manager(TestContext context, Path packages) {
        return new PipPackageManager(context.with(settings()).with(only(packages)));
    }
}
