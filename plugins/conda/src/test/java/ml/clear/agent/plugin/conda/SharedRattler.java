// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.testkit.TestContext;

/** The real py-rattler, installed from the package index as the agent installs it, once for all tests of a user. */
final class SharedRattler {

    private SharedRattler() {}

    /** Its interpreter; without the package index the test is skipped. */
    static Path python(Console console) throws InterruptedException {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        try {
            return CondaPackageManager.rattler(TestContext.in(Path.of(cache, "clearml-agent-tests", "conda")), console);
        } catch (AgentException e) {
            if (e.code() == ErrorCode.SERVER_UNAVAILABLE && !Boolean.getBoolean("require.real")) {
                abort("no package index: " + e.getMessage());
            }
            throw e;
        }
    }
}
