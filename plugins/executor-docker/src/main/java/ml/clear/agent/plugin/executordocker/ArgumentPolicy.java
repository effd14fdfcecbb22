// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.executordocker.RunArguments.Given;

/**
 * Refuses arguments of a task with which its code could act outside of its container: privileges, processes and devices of
 * the machine, other containers, the engine, and files that belong to the system or to the agent.
 *
 * @param protectedPaths files and folders that no task may mount, nor a folder above them, with those below them
 */
record ArgumentPolicy(List<Path> protectedPaths) {

    /** What a container has by itself, and what only concerns its own processes and memory. */
    private static final Set<String> HARMLESS_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "IPC_LOCK",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT",
            "SYS_NICE",
            "SYS_RESOURCE");

    private static final Pattern HARMLESS_DEVICE =
            Pattern.compile("/dev/(?:nvidia[a-z0-9-]*|kfd|dri(?:/.*)?|infiniband(?:/.*)?|fuse)");

    /** Refused with any value. */
    private static final Set<String> REFUSED = Set.of(
            "cgroup-parent",
            "device-cgroup-rule",
            "env-file",
            "label-file",
            "link",
            "userns",
            "uts",
            "volume-driver",
            "volumes-from");

    private static final Set<String> SYSTEM =
            Set.of("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "proc", "run", "sbin", "sys", "usr", "var");

    private static final Set<String> RUNTIMES = Set.of("runc", "crun", "nvidia");

    /** Copies the list. */
    ArgumentPolicy {
        protectedPaths = protectedPaths.stream().map(ArgumentPolicy::real).toList();
    }

    /**
     * Check all arguments of a task.
     *
     * @throws AgentException {@code TASK_INVALID} for the first that is refused
     */
    void check(RunArguments arguments) {
        for (Given given : arguments.given()) {
            reason(given).ifPresent(reason -> {
                throw new AgentException(
                        ErrorCode.TASK_INVALID,
                        "container argument '--" + given.name() + " " + given.value() + "' is refused: " + reason
                                + "; remove it, or let the operator put it into agent.extra_docker_arguments or set"
                                + " agent.executor.docker.trust_tasks");
            });
        }
    }

    private Optional<String> reason(Given given) {
        String value = given.value();
        if (REFUSED.contains(given.name())) {
            return Optional.of("a task may not use it");
        }
        return switch (given.name()) {
            case "privileged" -> when(Boolean.parseBoolean(value), "it gives the task the whole machine");
            case "cap-add" -> when(!HARMLESS_CAPABILITIES.contains(capability(value)), "it gives privileges");
            case "security-opt" ->
                when(!value.matches("no-new-privileges(?:[:=]true)?"), "it removes protection of the machine");
            case "device" ->
                when(
                        !DeviceRequest.isNamedByCdi(value)
                                && !HARMLESS_DEVICE
                                        .matcher(normal(value.split(":", 2)[0]))
                                        .matches(),
                        "it is a device of the machine");
            case "pid" -> when(!value.equals("private") && !value.isEmpty(), "it shows processes of others");
            case "cgroupns" -> when(!value.equals("private"), "it shows the control groups of the machine");
            case "ipc", "network" -> when(value.startsWith("container:"), "it belongs to another container");
            case "runtime" -> when(!RUNTIMES.contains(value), "a task may only use " + RUNTIMES);
            case "volume" -> volume(value);
            case "mount" -> mount(value);
            default -> Optional.empty();
        };
    }

    private Optional<String> volume(String value) {
        VolumeArgument volume = VolumeArgument.parse(value);
        return volume.isOfMachine() ? path(volume.source()) : Optional.empty();
    }

    private Optional<String> mount(String value) {
        var pairs = MountArgument.pairs(value);
        if (pairs.containsKey("volume-opt") || pairs.containsKey("volume-driver")) {
            return Optional.of("a volume with options can be any folder of the machine");
        }
        return switch (pairs.getOrDefault("type", "volume")) {
            case "bind" -> path(pairs.getOrDefault("source", ""));
            case "volume", "tmpfs" -> Optional.empty();
            default -> Optional.of("a task may mount folders, volumes and temporary files");
        };
    }

    /** Links are followed: the engine would follow them too. */
    private Optional<String> path(String source) {
        if (!source.startsWith("/")) {
            return Optional.of("the path of the machine is not absolute");
        }
        Path path = real(Path.of(source));
        if (path.getNameCount() == 0) {
            return Optional.of("it mounts the root of the machine");
        }
        if (path.startsWith("/dev/shm") || path.startsWith("/dev/infiniband")) {
            return Optional.empty();
        }
        if (SYSTEM.contains(path.getName(0).toString())) {
            return Optional.of("it mounts a folder of the system");
        }
        return protectedPaths.stream()
                .filter(kept -> kept.startsWith(path) || path.startsWith(kept))
                .findFirst()
                .map(kept -> "it mounts '" + kept + "', which belongs to the agent or to the engine");
    }

    private static String normal(String path) {
        return Path.of(path).normalize().toString();
    }

    /** The path without links, as far as it exists. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path existing = absolute; existing != null; existing = existing.getParent()) {
            if (Files.exists(existing)) {
                try {
                    return existing.toRealPath()
                            .resolve(existing.relativize(absolute))
                            .normalize();
                } catch (IOException e) {
                    return absolute; // it vanished, or may not be read
                }
            }
        }
        return absolute;
    }

    private static String capability(String value) {
        String name = value.toUpperCase(Locale.ROOT);
        return name.startsWith("CAP_") ? name.substring(4) : name;
    }

    private static Optional<String> when(boolean refused, String reason) {
        return refused ? Optional.of(reason) : Optional.empty();
    }
}
