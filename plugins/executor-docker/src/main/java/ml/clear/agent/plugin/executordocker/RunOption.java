// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An option of {@code docker run}.
 *
 * @param name the long name, without dashes
 * @param shortName the letter, or a blank for none
 * @param kind what it takes and what the executor does with it
 */
record RunOption(String name, char shortName, Kind kind) {

    private static final char NO_LETTER = ' ';

    /** What an option takes, and what is done with it. */
    enum Kind {
        /** A switch, also {@code --name=false}. */
        SWITCH,
        /** One value; the last one counts. */
        VALUE,
        /** A value each time it is given. */
        VALUES,
        /** A switch about the terminal of the caller, which has no meaning for a task. */
        IGNORED_SWITCH,
        /** A value about the caller, which has no meaning for a task. */
        IGNORED_VALUE,
        /** Known, and not for tasks: refused. */
        REFUSED
    }

    private static final Map<String, RunOption> BY_NAME = Arrays.stream(new RunOption[] {
                values("add-host"),
                values("annotation"),
                new RunOption("attach", 'a', Kind.IGNORED_VALUE),
                value("blkio-weight"),
                values("blkio-weight-device"),
                values("cap-add"),
                values("cap-drop"),
                value("cgroup-parent"),
                value("cgroupns"),
                new RunOption("cidfile", NO_LETTER, Kind.REFUSED),
                new RunOption("cpu-count", NO_LETTER, Kind.REFUSED),
                new RunOption("cpu-percent", NO_LETTER, Kind.REFUSED),
                value("cpu-period"),
                value("cpu-quota"),
                value("cpu-rt-period"),
                value("cpu-rt-runtime"),
                new RunOption("cpu-shares", 'c', Kind.VALUE),
                value("cpus"),
                value("cpuset-cpus"),
                value("cpuset-mems"),
                new RunOption("detach", 'd', Kind.IGNORED_SWITCH),
                new RunOption("detach-keys", NO_LETTER, Kind.IGNORED_VALUE),
                values("device"),
                values("device-cgroup-rule"),
                values("device-read-bps"),
                values("device-read-iops"),
                values("device-write-bps"),
                values("device-write-iops"),
                new RunOption("disable-content-trust", NO_LETTER, Kind.IGNORED_SWITCH),
                values("dns"),
                values("dns-opt"),
                values("dns-option"),
                values("dns-search"),
                value("domainname"),
                value("entrypoint"),
                new RunOption("env", 'e', Kind.VALUES),
                values("env-file"),
                values("expose"),
                value("gpus"),
                values("group-add"),
                value("health-cmd"),
                value("health-interval"),
                value("health-retries"),
                value("health-start-interval"),
                value("health-start-period"),
                value("health-timeout"),
                new RunOption("help", NO_LETTER, Kind.REFUSED),
                new RunOption("hostname", 'h', Kind.VALUE),
                toggle("init"),
                new RunOption("interactive", 'i', Kind.IGNORED_SWITCH),
                new RunOption("io-maxbandwidth", NO_LETTER, Kind.REFUSED),
                new RunOption("io-maxiops", NO_LETTER, Kind.REFUSED),
                value("ip"),
                value("ip6"),
                value("ipc"),
                value("isolation"),
                value("kernel-memory"),
                new RunOption("label", 'l', Kind.VALUES),
                values("label-file"),
                values("link"),
                values("link-local-ip"),
                value("log-driver"),
                values("log-opt"),
                value("mac-address"),
                new RunOption("memory", 'm', Kind.VALUE),
                value("memory-reservation"),
                value("memory-swap"),
                value("memory-swappiness"),
                values("mount"),
                value("name"),
                value("net"),
                values("net-alias"),
                value("network"),
                values("network-alias"),
                toggle("no-healthcheck"),
                toggle("oom-kill-disable"),
                value("oom-score-adj"),
                value("pid"),
                value("pids-limit"),
                value("platform"),
                toggle("privileged"),
                new RunOption("publish", 'p', Kind.VALUES),
                new RunOption("publish-all", 'P', Kind.SWITCH),
                value("pull"),
                new RunOption("quiet", 'q', Kind.IGNORED_SWITCH),
                toggle("read-only"),
                value("restart"),
                new RunOption("rm", NO_LETTER, Kind.IGNORED_SWITCH),
                value("runtime"),
                values("security-opt"),
                value("shm-size"),
                new RunOption("sig-proxy", NO_LETTER, Kind.IGNORED_SWITCH),
                value("stop-signal"),
                value("stop-timeout"),
                values("storage-opt"),
                values("sysctl"),
                values("tmpfs"),
                new RunOption("tty", 't', Kind.IGNORED_SWITCH),
                values("ulimit"),
                new RunOption("use-api-socket", NO_LETTER, Kind.REFUSED),
                new RunOption("user", 'u', Kind.VALUE),
                value("userns"),
                value("uts"),
                new RunOption("volume", 'v', Kind.VALUES),
                value("volume-driver"),
                values("volumes-from"),
                new RunOption("workdir", 'w', Kind.VALUE),
            })
            .collect(Collectors.toUnmodifiableMap(RunOption::name, Function.identity()));

    /** The spelling that the executor works with, of options that have two. */
    private static final Map<String, String> CANONICAL =
            Map.of("net", "network", "net-alias", "network-alias", "dns-opt", "dns-option");

    private static final Map<Character, RunOption> BY_LETTER = BY_NAME.values().stream()
            .filter(option -> option.shortName() != NO_LETTER)
            .collect(Collectors.toUnmodifiableMap(RunOption::shortName, Function.identity()));

    private static RunOption value(String name) {
        return new RunOption(name, NO_LETTER, Kind.VALUE);
    }

    private static RunOption values(String name) {
        return new RunOption(name, NO_LETTER, Kind.VALUES);
    }

    private static RunOption toggle(String name) {
        return new RunOption(name, NO_LETTER, Kind.SWITCH);
    }

    static Optional<RunOption> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<RunOption> lettered(char letter) {
        return Optional.ofNullable(BY_LETTER.get(letter));
    }

    static Collection<RunOption> all() {
        return BY_NAME.values();
    }

    String canonicalName() {
        return CANONICAL.getOrDefault(name, name);
    }

    boolean hasLetter() {
        return shortName != NO_LETTER;
    }

    boolean isSwitch() {
        return kind == Kind.SWITCH || kind == Kind.IGNORED_SWITCH;
    }
}
