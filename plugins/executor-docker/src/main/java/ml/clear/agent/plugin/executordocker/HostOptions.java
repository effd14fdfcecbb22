// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The part of a container's description that concerns its machine, {@code HostConfig}. */
final class HostOptions {

    /** Options whose value is a text of the description. */
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("cgroup-parent", "CgroupParent"),
            Map.entry("cgroupns", "CgroupnsMode"),
            Map.entry("cpuset-cpus", "CpusetCpus"),
            Map.entry("cpuset-mems", "CpusetMems"),
            Map.entry("ipc", "IpcMode"),
            Map.entry("isolation", "Isolation"),
            Map.entry("network", "NetworkMode"),
            Map.entry("pid", "PidMode"),
            Map.entry("runtime", "Runtime"),
            Map.entry("userns", "UsernsMode"),
            Map.entry("uts", "UTSMode"),
            Map.entry("volume-driver", "VolumeDriver"));

    private static final Map<String, String> LISTS = Map.of(
            "add-host", "ExtraHosts",
            "device-cgroup-rule", "DeviceCgroupRules",
            "dns", "Dns",
            "dns-option", "DnsOptions",
            "dns-search", "DnsSearch",
            "group-add", "GroupAdd",
            "link", "Links",
            "volumes-from", "VolumesFrom");

    private static final Map<String, String> INTEGERS = Map.of(
            "blkio-weight", "BlkioWeight",
            "cpu-period", "CpuPeriod",
            "cpu-quota", "CpuQuota",
            "cpu-rt-period", "CpuRealtimePeriod",
            "cpu-rt-runtime", "CpuRealtimeRuntime",
            "cpu-shares", "CpuShares",
            "memory-swappiness", "MemorySwappiness",
            "oom-score-adj", "OomScoreAdj",
            "pids-limit", "PidsLimit");

    private static final Map<String, String> SIZES = Map.of(
            "kernel-memory", "KernelMemory",
            "memory", "Memory",
            "memory-reservation", "MemoryReservation",
            "shm-size", "ShmSize");

    private static final Map<String, String> SWITCHES = Map.of(
            "init", "Init",
            "oom-kill-disable", "OomKillDisable",
            "privileged", "Privileged",
            "publish-all", "PublishAllPorts",
            "read-only", "ReadonlyRootfs");

    private static final Map<String, String> PAIRS =
            Map.of("annotation", "Annotations", "storage-opt", "StorageOpt", "sysctl", "Sysctls");

    private static final Map<String, String> SIZE_RATES =
            Map.of("device-read-bps", "BlkioDeviceReadBps", "device-write-bps", "BlkioDeviceWriteBps");

    private static final Map<String, String> COUNT_RATES =
            Map.of("device-read-iops", "BlkioDeviceReadIOps", "device-write-iops", "BlkioDeviceWriteIOps");

    private final RunArguments arguments;
    private final Map<String, Object> members = new LinkedHashMap<>();

    HostOptions(RunArguments arguments) {
        this.arguments = arguments;
    }

    /** The members, mutable. */
    Map<String, Object> members() {
        TEXTS.forEach((option, member) -> single(option, member, Function.identity()));
        LISTS.forEach((option, member) -> list(option, member, Function.identity()));
        INTEGERS.forEach((option, member) -> single(option, member, value -> Quantity.integer(option, value)));
        SIZES.forEach((option, member) -> single(option, member, value -> Quantity.bytes(option, value)));
        SWITCHES.forEach((option, member) -> single(option, member, Boolean::valueOf));
        PAIRS.forEach(this::pairs);
        SIZE_RATES.forEach((option, member) -> rates(option, member, Quantity::bytes));
        COUNT_RATES.forEach((option, member) -> rates(option, member, Quantity::integer));
        single("cpus", "NanoCpus", value -> Quantity.nanoCpus("cpus", value));
        single("memory-swap", "MemorySwap", value -> value.equals("-1") ? -1L : Quantity.bytes("memory-swap", value));
        list("cap-add", "CapAdd", HostOptions::capability);
        list("cap-drop", "CapDrop", HostOptions::capability);
        list("blkio-weight-device", "BlkioWeightDevice", value -> {
            String[] parts = split("blkio-weight-device", value, "path:weight");
            return Map.of("Path", parts[0], "Weight", Quantity.integer("blkio-weight-device", parts[1]));
        });
        list("security-opt", "SecurityOpt", Function.identity());
        list("ulimit", "Ulimits", HostOptions::ulimit);
        volumes();
        devices();
        ports();
        logs();
        restart();
        return members;
    }

    private void volumes() {
        List<String> binds = arguments
                .values("volume")
                .map(VolumeArgument::parse)
                .filter(volume -> !volume.isAnonymous())
                .map(VolumeArgument::text)
                .toList();
        if (!binds.isEmpty()) {
            members.put("Binds", new ArrayList<>(binds));
        }
        list("mount", "Mounts", MountArgument::parse);
        Map<String, String> temporary = new LinkedHashMap<>();
        arguments.values("tmpfs").forEach(value -> {
            String[] parts = value.split(":", 2);
            temporary.put(parts[0], parts.length > 1 ? parts[1] : "");
        });
        if (!temporary.isEmpty()) {
            members.put("Tmpfs", temporary);
        }
    }

    private void devices() {
        List<Object> devices = new ArrayList<>();
        List<Object> requests = new ArrayList<>();
        arguments.values("gpus").forEach(value -> requests.add(DeviceRequest.gpus(value)));
        arguments.values("device").forEach(value -> {
            if (DeviceRequest.isNamedByCdi(value)) {
                requests.add(DeviceRequest.cdi(value));
            } else {
                devices.add(device(value));
            }
        });
        if (!devices.isEmpty()) {
            members.put("Devices", devices);
        }
        if (!requests.isEmpty()) {
            members.put("DeviceRequests", requests);
        }
    }

    private static Map<String, Object> device(String value) {
        String[] parts = value.split(":", -1);
        String inside = parts[0];
        String permissions = "rwm";
        switch (parts.length) {
            case 1 -> {}
            case 2 -> {
                if (parts[1].matches("[rwm]+")) {
                    permissions = parts[1];
                } else {
                    inside = parts[1];
                }
            }
            case 3 -> {
                inside = parts[1];
                permissions = parts[2];
            }
            default -> throw Quantity.invalid("device", value, "path:path:permissions");
        }
        return Map.of("PathOnHost", parts[0], "PathInContainer", inside, "CgroupPermissions", permissions);
    }

    private void ports() {
        Map<String, List<Object>> bindings = new LinkedHashMap<>();
        arguments
                .values("publish")
                .flatMap(PortMapping::parse)
                .forEach(mapping -> bindings.computeIfAbsent(mapping.container(), _ -> new ArrayList<>())
                        .add(Map.of("HostIp", mapping.address(), "HostPort", mapping.host())));
        if (!bindings.isEmpty()) {
            members.put("PortBindings", bindings);
        }
    }

    private void logs() {
        Map<String, Object> config = new LinkedHashMap<>();
        arguments.value("log-driver").ifPresent(value -> config.put("Type", value));
        if (arguments.has("log-opt")) {
            Map<String, String> options = new LinkedHashMap<>();
            arguments.values("log-opt").forEach(value -> {
                String[] parts = split("log-opt", value, "name=value");
                options.put(parts[0], parts[1]);
            });
            config.put("Config", options);
        }
        if (!config.isEmpty()) {
            members.put("LogConfig", config);
        }
    }

    private void restart() {
        single("restart", "RestartPolicy", value -> {
            String[] parts = value.split(":", 2);
            return Map.of(
                    "Name",
                    parts[0],
                    "MaximumRetryCount",
                    parts.length > 1 ? Quantity.integer("restart", parts[1]) : 0L);
        });
    }

    private static String capability(String value) {
        String name = value.toUpperCase(Locale.ROOT);
        return name.equals("ALL") || name.startsWith("CAP_") ? name : "CAP_" + name;
    }

    private static Map<String, Object> ulimit(String value) {
        String[] parts = split("ulimit", value, "name=soft:hard");
        String[] limits = parts[1].split(":", 2);
        long soft = Quantity.integer("ulimit", limits[0]);
        long hard = limits.length > 1 ? Quantity.integer("ulimit", limits[1]) : soft;
        return Map.of("Name", parts[0], "Soft", soft, "Hard", hard);
    }

    private void rates(String option, String member, BiFunction<String, String, Long> number) {
        list(option, member, value -> {
            String[] parts = split(option, value, "path:rate");
            return Map.of("Path", parts[0], "Rate", number.apply(option, parts[1]));
        });
    }

    private void pairs(String option, String member) {
        Map<String, String> pairs = new LinkedHashMap<>();
        arguments.values(option).forEach(value -> {
            String[] parts = split(option, value, "name=value");
            pairs.put(parts[0], parts[1]);
        });
        if (!pairs.isEmpty()) {
            members.put(member, pairs);
        }
    }

    /** Two parts around the separator that the form shows. */
    private static String[] split(String option, String value, String form) {
        int at = value.indexOf(form.contains("=") ? '=' : ':');
        if (at <= 0) {
            throw Quantity.invalid(option, value, form);
        }
        return new String[] {value.substring(0, at), value.substring(at + 1)};
    }

    private void single(String option, String member, Function<String, ?> convert) {
        arguments.value(option).ifPresent(value -> members.put(member, convert.apply(value)));
    }

    private void list(String option, String member, Function<String, ?> convert) {
        Stream<?> converted = arguments.values(option).map(convert);
        List<Object> values = new ArrayList<>(converted.toList());
        if (!values.isEmpty()) {
            members.put(member, values);
        }
    }
}
