// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The variables by which tasks know their GPUs, as the Python agent sets and reads them. */
final class Gpus {

    /** No GPU at all. */
    static final String NONE = "none";

    private static final String ALL = "all";
    private static final String NVIDIA = "NVIDIA_VISIBLE_DEVICES";
    private static final String CUDA = "CUDA_VISIBLE_DEVICES";

    private final Map<String, String> environment;
    private final Optional<String> asked;

    /**
     * The GPUs of a daemon.
     *
     * @param environment the variables of the agent's process
     * @param asked what the command line says; ignored inside Kubernetes, unless it says that there is none
     */
    Gpus(Map<String, String> environment, Optional<String> asked) {
        this.environment = environment;
        boolean inKubernetes =
                environment.containsKey("KUBERNETES_SERVICE_HOST") || environment.containsKey("KUBERNETES_PORT");
        this.asked = asked.filter(gpus -> !inKubernetes || gpus.equals(NONE));
    }

    /** What the id of the worker says; empty when nobody says anything. */
    String list() {
        return asked.map(gpus -> gpus.replace(':', '.'))
                .orElseGet(() -> environment.getOrDefault(NVIDIA, environment.getOrDefault(CUDA, "")));
    }

    /** What tasks get. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        asked.map(gpus -> gpus.replace('.', ':')).ifPresent(gpus -> {
            variables.put(NVIDIA, gpus);
            if (!gpus.equals(ALL)) {
                variables.put(CUDA, gpus);
            }
        });
        if (asked.isEmpty() && environment.containsKey(CUDA) && !environment.containsKey(NVIDIA)) {
            variables.put(NVIDIA, environment.getOrDefault(CUDA, ""));
        }
        return variables;
    }
}
