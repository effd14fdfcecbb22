// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.Resources;
import org.jspecify.annotations.Nullable;

/** Completes the description of a task's container with what every execution needs. */
final class ContainerPlan {

    /** The label by which a container is found again. */
    static final String ATTEMPT = "ml.clear.agent.attempt";

    /** The label that names the task. */
    static final String TASK = "ml.clear.agent.task";

    /** The label with the folder of the execution. */
    static final String FOLDER = "ml.clear.agent.folder";

    private static final List<String> SKIP_GPUS =
            List.of("CLEARML_DOCKER_SKIP_GPUS_FLAG", "TRAINS_DOCKER_SKIP_GPUS_FLAG");

    private static final double NANO = 1e9;

    private final Settings settings;
    private final Map<String, String> environment;
    private final GpuAccess gpus;
    private final Supplier<String> hostAddress;

    /**
     * Plans.
     *
     * @param environment the agent's own variables
     * @param hostAddress finds the address under which others reach this machine
     */
    ContainerPlan(Settings settings, Map<String, String> environment, GpuAccess gpus, Supplier<String> hostAddress) {
        this.settings = settings;
        this.environment = environment;
        this.gpus = gpus;
        this.hostAddress = hostAddress;
    }

    /**
     * A container to create.
     *
     * @param body the description for {@code /containers/create}
     * @param variables what its start script sets: an image that is kept gets neither the agent's variables nor its labels
     */
    record Description(Map<String, Object> body, Map<String, String> variables) {
        /** Copies the variables; the body may have absent values. */
        Description {
            variables = Map.copyOf(variables);
        }
    }

    Description description(ExecutionRequest request, String image, RunArguments arguments, Mounts mounts) {
        Map<String, Object> body = ContainerBody.of(image, arguments);
        Map<String, Object> host = members(body.get("HostConfig"));
        body.put("HostConfig", host);
        Map<String, String> variables = new LinkedHashMap<>(request.environment());
        variables.put("CLEARML_DOCKER_IMAGE", image);
        variables.put("CLEARML_TASK_ID", request.task().id().value());
        variables.putAll(mounts.variables());
        if (seesPackagesOfImage()) {
            variables.put("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__SYSTEM_SITE_PACKAGES", "true");
        }
        if (arguments.has("publish")) {
            variables.put("CLEARML_AGENT_HOST_IP", hostAddress.get());
        }
        Resources resources = request.resources();
        if (!arguments.has("gpus")) {
            boolean withoutRequest = SKIP_GPUS.stream()
                    .anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
            gpus.add(resources.gpus(), withoutRequest, host, variables);
        }
        if (resources.cpus() > 0 && !arguments.has("cpus") && !arguments.has("cpu-quota")) {
            host.put("NanoCpus", Math.round(resources.cpus() * NANO));
        }
        if (resources.memory() > 0 && !arguments.has("memory")) {
            host.put("Memory", resources.memory());
        }
        host.putIfAbsent("Init", true);
        host.put("Binds", appended(host.get("Binds"), besides(arguments, mounts.binds())));
        if (!arguments.has("network") && isLoopback(request.environment().getOrDefault("CLEARML_API_HOST", ""))) {
            host.put("NetworkMode", "host");
        }
        body.put("Cmd", StartScript.command());
        if (request.image().isWanted()) {
            variables.keySet().removeAll(names(body.get("Env")));
            return new Description(body, variables);
        }
        body.put("Env", environment(variables, body.get("Env")));
        Map<String, Object> labels = members(body.get("Labels"));
        labels.putAll(request.labels());
        settings.get(DockerSettings.EXTRA_LABELS).orElse(List.of()).forEach(label -> {
            String[] pair = label.split("=", 2);
            labels.put(pair[0], pair.length > 1 ? pair[1] : "");
        });
        labels.put(ATTEMPT, request.attempt().value());
        labels.put(TASK, request.task().id().value());
        labels.put(FOLDER, request.folder().toString());
        body.put("Labels", labels);
        return new Description(body, Map.of());
    }

    /** As with the Python agent, what an image has is not installed once more. */
    private boolean seesPackagesOfImage() {
        String forced = environment.getOrDefault("CLEARML_AGENT_FORCE_SYSTEM_SITE_PACKAGES", "");
        return forced.isBlank() || ValueTypes.BOOLEAN.parse(forced.strip());
    }

    /** Two mounts at one place are refused by engines; what arguments mount stands above what the agent mounts. */
    private static List<String> besides(RunArguments arguments, List<String> own) {
        Set<String> taken = Stream.concat(
                        arguments
                                .values("volume")
                                .map(value -> VolumeArgument.parse(value).target()),
                        arguments
                                .values("mount")
                                .map(value -> MountArgument.pairs(value).getOrDefault("target", "")))
                .collect(Collectors.toSet());
        return own.stream()
                .filter(bind -> !taken.contains(VolumeArgument.parse(bind).target()))
                .toList();
    }

    /** A server on this machine's loopback is reached from its network alone. */
    private static boolean isLoopback(String address) {
        return address.matches("https?://(?:localhost|127\\.[0-9.]+|\\[::1\\])(?:[:/].*)?");
    }

    /** What arguments set stands above what the agent sets. */
    private static List<Object> environment(Map<String, String> variables, @Nullable Object given) {
        List<Object> all = new ArrayList<>();
        Set<String> names = names(given);
        variables.forEach((name, value) -> {
            if (!names.contains(name)) {
                all.add(name + "=" + value);
            }
        });
        return appended(all, appended(given, List.of()));
    }

    private static Set<String> names(@Nullable Object assignments) {
        return appended(assignments, List.of()).stream()
                .map(word -> String.valueOf(word).split("=", 2)[0])
                .collect(Collectors.toSet());
    }

    private static List<Object> appended(@Nullable Object present, List<?> more) {
        List<Object> all = new ArrayList<>();
        if (present instanceof List<?> values) {
            all.addAll(values);
        }
        all.addAll(more);
        return all;
    }

    private static Map<String, Object> members(@Nullable Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> present) {
            present.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }
}
