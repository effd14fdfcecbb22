// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.secret.Secret;

/**
 * What an execute process needs of this machine when it inherits neither the agent's variables nor its files, as in a
 * container.
 *
 * @param environment variables
 * @param secrets variables with secret values
 * @param paths files and folders, besides the folder of its execution
 */
public record Inheritance(Map<String, String> environment, Map<String, Secret> secrets, List<SharedPath> paths) {

    /** Nothing. */
    public static final Inheritance NONE = new Inheritance(Map.of(), Map.of(), List.of());

    /** Copies the collections. */
    public Inheritance {
        environment = Map.copyOf(environment);
        secrets = Map.copyOf(secrets);
        paths = List.copyOf(paths);
    }
}
