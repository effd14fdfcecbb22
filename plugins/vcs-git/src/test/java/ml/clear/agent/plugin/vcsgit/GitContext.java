// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;

/** A plugin context for these tests: without a home, and with mirrors in the test's folder. */
final class GitContext {

    private GitContext() {}

    static TestContext in(Path folder) {
        return TestContext.in(folder).with(settings(folder)).with(variables(Map.of()));
    }

    static TestSettings settings(Path folder) {
        return TestSettings.defaults()
                .with(VcsSettings.CACHE_PATH, folder.resolve("vcs-cache").toString());
    }

    /** Those of this process, without a home, and some that the test sets. */
    static Map<String, String> variables(Map<String, String> set) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("GIT_"));
        variables.remove("HOME");
        variables.remove("XDG_CONFIG_HOME");
        variables.putAll(set);
        return variables;
    }
}
