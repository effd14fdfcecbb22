// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.Resources;

/**
 * Adds the GPUs that an execution may use to the description of its container.
 *
 * @param hasNvidia whether this machine has a driver of NVIDIA
 * @param amdNodes the render nodes of AMD devices, such as {@code /dev/dri/renderD128}
 */
record GpuAccess(boolean hasNvidia, List<String> amdNodes) {

    private static final String ALL = "all";

    /** Copies the list. */
    GpuAccess {
        amdNodes = List.copyOf(amdNodes);
    }

    /**
     * Add them.
     *
     * @param gpus as {@link Resources#gpus}
     * @param withoutRequest whether the engine is only told by a variable
     * @param host the part {@code HostConfig} of the description
     * @param variables the variables of the container
     */
    void add(String gpus, boolean withoutRequest, Map<String, Object> host, Map<String, String> variables) {
        String list = gpus.replace('.', ':');
        if (list.equals(Resources.NO_GPU)) {
            variables.put("NVIDIA_VISIBLE_DEVICES", Resources.NO_GPU);
        } else if (withoutRequest) {
            if (!list.isEmpty()) {
                variables.put("NVIDIA_VISIBLE_DEVICES", list.replace(':', '.'));
            }
        } else if (!amdNodes.isEmpty() && !hasNvidia) {
            amd(list, host, variables);
        } else if (!list.isEmpty() || hasNvidia) {
            append(host, "DeviceRequests", DeviceRequest.ofList(list.isEmpty() ? ALL : list));
        }
    }

    private void amd(String list, Map<String, Object> host, Map<String, String> variables) {
        boolean all = list.isEmpty() || list.equals(ALL);
        device(host, "/dev/kfd");
        if (all) {
            amdNodes.forEach(node -> device(host, node));
        } else {
            for (String number : list.split(",")) {
                device(host, "/dev/dri/renderD" + (128 + Quantity.integer("gpus", number)));
            }
            variables.put("HIP_VISIBLE_DEVICES", list);
            variables.put("ROCR_VISIBLE_DEVICES", list);
        }
        append(host, "GroupAdd", "video");
    }

    private static void device(Map<String, Object> host, String path) {
        append(host, "Devices", Map.of("PathOnHost", path, "PathInContainer", path, "CgroupPermissions", "rwm"));
    }

    private static void append(Map<String, Object> host, String member, Object value) {
        List<Object> values = new ArrayList<>();
        if (host.get(member) instanceof List<?> present) {
            values.addAll(present);
        }
        values.add(value);
        host.put(member, values);
    }
}
