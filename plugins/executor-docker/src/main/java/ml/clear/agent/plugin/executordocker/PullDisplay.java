// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Shows how a pull goes on. For one pull, in one thread. */
interface PullDisplay {

    /** An event as the engine reports it. */
    void event(JsonNode event);

    /** The image is complete. */
    void end();

    /** The pull was given up; what moves is taken away. */
    default void abandon() {}

    static String summary(String image, Duration took) {
        return "pulled image '" + image + "' in " + Math.round(took.toMillis() / 100.0) / 10.0 + " s";
    }
}
