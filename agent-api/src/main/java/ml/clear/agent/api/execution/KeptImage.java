// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * The image that is made of the place of an execution once it has ended with exit code 0, see {@link
 * Executor.Capability#KEEPS_IMAGES}. What was mounted into the place, and the variables of the execution, are no part of it.
 *
 * @param name its name, with a tag or without; empty to keep none
 * @param entryPoint what its containers start; empty for what the image of the place starts
 * @param environment variables of its containers
 */
@Stability.Incubating(since = "0.1")
public record KeptImage(String name, List<String> entryPoint, Map<String, String> environment) {

    /** No image is kept. */
    public static final KeptImage NONE = new KeptImage("", List.of(), Map.of());

    /** Copies the collections and checks for absence. */
    public KeptImage {
        Objects.requireNonNull(name);
        entryPoint = List.copyOf(entryPoint);
        environment = Map.copyOf(environment);
    }

    /** Whether there is one to keep. */
    public boolean isWanted() {
        return !name.isEmpty();
    }
}
