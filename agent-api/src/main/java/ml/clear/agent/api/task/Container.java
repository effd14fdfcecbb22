// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * The container that a task asks for. An empty text means that the task does not say.
 *
 * @param image the image, with its tag
 * @param arguments arguments of {@code docker run}, as one text
 * @param setupScript shell script that runs in the container before the task
 */
@Stability.Incubating(since = "0.1")
public record Container(String image, String arguments, String setupScript) {

    /** No container asked for. */
    public static final Container NONE = new Container("", "", "");

    /** Checks for absence. */
    public Container {
        Objects.requireNonNull(image);
        Objects.requireNonNull(arguments);
        Objects.requireNonNull(setupScript);
    }
}
