// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The variables by which tasks know their GPUs, as the Python agent sets and reads them. */
final class Gpus {

    /** No GPU at all. */
    static final String NONE = "none";

    private static final String ALL = "all";
    private static final String NVIDIA = "NVIDIA_VISIBLE_DEVICES";
    private static final String CUDA = "CUDA_VISIBLE_DEVICES";
    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})-(\\d{1,4})");
    private static final Pattern COMMA = Pattern.compile(",");

    private final Map<String, String> environment;
    private final Optional<String> asked;

    /**
     * The GPUs of a daemon.
     *
     * @param environment the variables of the agent's process
     * @param asked the value of the command line; ignored inside Kubernetes unless it is {@code none}
     */
    Gpus(Map<String, String> environment, Optional<String> asked) {
        this.environment = environment;
        boolean inKubernetes =
                environment.containsKey("KUBERNETES_SERVICE_HOST") || environment.containsKey("KUBERNETES_PORT");
        this.asked = asked.filter(gpus -> !inKubernetes || gpus.equals(NONE));
    }

    /** The GPUs as the worker's id names them; empty when neither the command line nor a variable gives them. */
    String list() {
        return asked.map(gpus -> gpus.replace(':', '.'))
                .orElseGet(() -> environment.getOrDefault(NVIDIA, environment.getOrDefault(CUDA, "")));
    }

    /** One by one, for tasks that share them: {@code 0-3} are four. */
    List<String> each() {
        String list = asked.orElse("").replace('.', ':');
        Matcher range = RANGE.matcher(list);
        if (range.matches()) {
            return IntStream.rangeClosed(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)))
                    .mapToObj(Integer::toString)
                    .toList();
        }
        return COMMA.splitAsStream(list)
                .map(String::strip)
                .filter(gpu -> !gpu.isEmpty())
                .toList();
    }

    /** The variables that tasks get. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        asked.map(gpus -> gpus.replace('.', ':')).ifPresent(gpus -> {
            variables.put(NVIDIA, gpus);
            if (!gpus.equals(ALL)) {
                variables.put(CUDA, gpus);
            }
            if (gpus.equals(NONE)) {
                variables.put("CLEARML_CUDA_VERSION", "0");
                variables.put("CLEARML_CUDNN_VERSION", "0");
            }
        });
        if (asked.isEmpty() && environment.containsKey(CUDA) && !environment.containsKey(NVIDIA)) {
            variables.put(NVIDIA, environment.getOrDefault(CUDA, ""));
        }
        return variables;
    }

    /** The variables that tasks do not inherit from the agent. */
    Set<String> removedVariables() {
        return asked.filter(ALL::equals).isPresent() ? Set.of(CUDA) : Set.of();
    }
}
