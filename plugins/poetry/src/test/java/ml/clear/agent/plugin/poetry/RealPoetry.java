// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.testkit.InstalledProgram;

/** A real poetry from the package index, installed once for all tests of a user. */
final class RealPoetry {

    static final String VERSION = "2.5.1";

    private RealPoetry() {}

    static Path program() throws Exception {
        return InstalledProgram.ofPython("poetry-" + VERSION, "poetry", "poetry==" + VERSION);
    }

    /** The variables of this process with the real poetry first on {@code PATH}, and nothing of the user's own poetry. */
    static Map<String, String> variables(Path cache) throws Exception {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("POETRY_"));
        variables.put("PATH", program().getParent() + ":" + variables.getOrDefault("PATH", ""));
        variables.put("POETRY_CACHE_DIR", cache.toString());
        variables.put(
                "POETRY_CONFIG_DIR",
                cache.resolveSibling("poetry configuration").toString());
        return variables;
    }
}
