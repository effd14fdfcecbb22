// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

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

/** A real poetry, installed once for all tests of a user as the agent installs it, from the index of this machine's pip. */
final class RealPoetry {

    static final String VERSION = "2.5.1";

    private RealPoetry() {}

    static Path program() throws Exception {
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests", "poetry");
        TestContext context = TestContext.in(Files.createDirectories(folder));
        RecordedConsole console = new RecordedConsole();
        try {
            Interpreter interpreter = Interpreters.of(context).find("", console);
            return new PythonTools(context)
                    .provide("poetry", VERSION, interpreter, console)
                    .program("poetry");
        } catch (AgentException e) {
            if (e.code() == ErrorCode.SERVER_UNAVAILABLE && !Boolean.getBoolean("require.real")) {
                abort("no package index: " + e.getMessage());
            }
            throw e;
        }
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
