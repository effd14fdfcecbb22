// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Checks that an engine can run tasks. */
final class EngineCheck {

    /** Docker 19.03 speaks 1.40. */
    private static final int MAJOR = 1;

    private static final int MINOR = 40;

    private EngineCheck() {}

    /** @throws AgentException {@code PROGRAM_MISSING} or {@code SERVER_UNAVAILABLE} with the reason */
    static void check(EngineApi engine) {
        EngineApi.Answer answer = engine.get("/version");
        if (!answer.isGood()) {
            throw new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "the engine at '" + engine.address().uri() + "' refuses to give its version: " + answer.message());
        }
        String version = answer.body().path("ApiVersion").asString("");
        if (isOlder(version)) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "the engine at '" + engine.address().uri() + "' is too old: its API is '" + version
                            + "', and 1.40 is" + " needed, which Docker has since 19.03; upgrade it");
        }
    }

    private static boolean isOlder(String version) {
        String[] parts = version.split("\\.");
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return major < MAJOR || (major == MAJOR && minor < MINOR);
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
