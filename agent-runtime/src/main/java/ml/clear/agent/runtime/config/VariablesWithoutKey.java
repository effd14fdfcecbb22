// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Map;

/** Variables that set no key and that parts of the agent read, each with what it does. */
final class VariablesWithoutKey {

    private static final String FILE = "Names the configuration file, in place of those of the home folder";
    private static final String TREE =
            "Names a folder with a tree of configuration files, which all other sources of the configuration override";
    private static final String PART =
            "Names the part of the tree of CLEARML_CONFIG_PATH that overrides its part default";
    private static final String NO_GPUS = "With any value, containers are started without a request for GPUs";
    private static final String HOST_MOUNT =
            "For an agent in a container: a folder of the machine and where the agent sees it, joined by a colon";
    private static final String RANK =
            "Number of this process among those that run one task together; 0 reports the status of the task for all";
    private static final String GPUS = "Devices that tasks may use, such as 0,1, all or none";

    private static final Map<String, String> EFFECTS = Map.ofEntries(
            Map.entry("CLEARML_CONFIG_FILE", FILE),
            Map.entry("TRAINS_CONFIG_FILE", FILE),
            Map.entry("CLEARML_CONFIG_PATH", TREE),
            Map.entry("TRAINS_CONFIG_PATH", TREE),
            Map.entry("CLEARML_ENV", PART),
            Map.entry("TRAINS_ENV", PART),
            Map.entry(
                    "CLEARML_AGENT_FORCE_POETRY",
                    "Where it is true, sets agent.package_manager.type to poetry, over every file"),
            Map.entry(
                    "CLEARML_AGENT_FORCE_UV",
                    "Where it is true, sets agent.package_manager.type to uv, over every file"),
            Map.entry("CLEARML_DOCKER_SKIP_GPUS_FLAG", NO_GPUS),
            Map.entry("TRAINS_DOCKER_SKIP_GPUS_FLAG", NO_GPUS),
            Map.entry("CLEARML_AGENT_K8S_HOST_MOUNT", HOST_MOUNT),
            Map.entry("CLEARML_AGENT_DOCKER_HOST_MOUNT", HOST_MOUNT),
            Map.entry("TRAINS_AGENT_K8S_HOST_MOUNT", HOST_MOUNT),
            Map.entry("TRAINS_AGENT_DOCKER_HOST_MOUNT", HOST_MOUNT),
            Map.entry(
                    "CLEARML_AGENT_FORCE_SYSTEM_SITE_PACKAGES",
                    "Where it is false, environments in containers do not see the packages of the image"),
            Map.entry(
                    "CLEARML_AGENT_FORCE_HOST_MACHINE_IP",
                    "Address of this machine that containers with published ports get as CLEARML_AGENT_HOST_IP"),
            Map.entry("CLEARML_AUTH_TOKEN", "Token for the server, in place of api.credentials"),
            Map.entry("RANK", RANK),
            Map.entry("SLURM_PROCID", RANK + "; RANK is stronger"),
            Map.entry("NVIDIA_VISIBLE_DEVICES", GPUS),
            Map.entry("CUDA_VISIBLE_DEVICES", GPUS + "; NVIDIA_VISIBLE_DEVICES is stronger"),
            Map.entry("CLEARML_AGENT_JAVA_OPTIONS", "More options for the Java virtual machine of the agent"));

    private VariablesWithoutKey() {}

    /** What a variable does; empty when it is not one of these. */
    static String effect(String variable) {
        return EFFECTS.getOrDefault(variable, "");
    }
}
