// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.TestSettings;

/** A real uv from the package index, installed once for all tests of a user. */
final class RealUv {

    static final String VERSION = "0.13.9";

    private RealUv() {}

    static Path program() throws Exception {
        return InstalledProgram.ofPython("uv-" + VERSION, "uv", "uv==" + VERSION);
    }

    /** Settings that name the real uv. */
    static TestSettings settings() throws Exception {
        return TestSettings.defaults().with(UvSettings.PROGRAM, program().toString());
    }

    /** Variables under which uv asks nothing but one folder. */
    static Map<String, String> only(Path packages, Path cache) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("PIP_") || name.startsWith("UV_"));
        variables.put("UV_NO_INDEX", "1");
        variables.put("UV_FIND_LINKS", packages.toString());
        variables.put("UV_CACHE_DIR", cache.toString());
        return variables;
    }
}
