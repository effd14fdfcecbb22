// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;

/** A real uv, installed once for all tests of a user as the agent installs it, from the index of this machine's pip. */
final class RealUv {

    static final String VERSION = "0.13.9";

    private RealUv() {}

    static Path program() throws Exception {
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests", "uv");
        TestContext context = TestContext.in(Files.createDirectories(folder));
        RecordedConsole console = new RecordedConsole();
        try {
            Interpreter interpreter = Interpreters.of(context).find("", console);
            return new PythonTools(context)
                    .provide("uv", VERSION, interpreter, console)
                    .program("uv");
        } catch (AgentException e) {
            if (e.code() == ErrorCode.SERVER_UNAVAILABLE && !Boolean.getBoolean("require.real")) {
                abort("no package index: " + e.getMessage());
            }
            throw e;
        }
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
