// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.executordocker.RunArguments.Given;

/**
 * Moves ports that a container publishes: one of the machine that is in use or not allowed gives way to a free one. Only TCP,
 * and only ports of the machine that the arguments name; the ports of a range stay together.
 */
final class HostPorts {

    private static final int FIRST = 10_000;
    private static final int LAST = 60_000;
    private static final int HIGHEST = 65_535;

    private final int first;
    private final int last;
    private final boolean limited;
    private final IntPredicate free;
    private final Map<Integer, Integer> published = new LinkedHashMap<>();

    /**
     * For one container.
     *
     * @param allowed the first and the last port that may be used; empty for any
     * @param free whether nothing listens on a port of the machine
     */
    HostPorts(List<Long> allowed, IntPredicate free) {
        this.limited = !allowed.isEmpty();
        if (limited
                && (allowed.size() != 2
                        || allowed.getFirst() < 1
                        || allowed.getLast() > HIGHEST
                        || allowed.getFirst() > allowed.getLast())) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    DockerSettings.PORT_RANGE.key() + " is '" + allowed
                            + "'; the first and the last allowed port are needed, such as [10000, 20000]");
        }
        this.first = limited ? allowed.getFirst().intValue() : FIRST;
        this.last = limited ? allowed.getLast().intValue() : LAST;
        this.free = free;
    }

    /** The arguments with ports that can be published; unchanged with the network of the machine. */
    RunArguments moved(RunArguments arguments) {
        if (arguments.value("network").filter("host"::equals).isPresent()) {
            return arguments;
        }
        List<Given> result = new ArrayList<>();
        for (Given given : arguments.given()) {
            if (given.name().equals("publish")) {
                placed(PortMapping.parse(given.value()).toList())
                        .forEach(mapping -> result.add(new Given("publish", mapping)));
            } else {
                result.add(given);
            }
        }
        return new RunArguments(result);
    }

    /** The published TCP ports as the Python agent writes them into tasks: {@code 8080:80,…}; empty for none. */
    String published() {
        return published.entrySet().stream()
                .map(pair -> pair.getKey() + ":" + pair.getValue())
                .collect(Collectors.joining(","));
    }

    private List<String> placed(List<PortMapping> mappings) {
        boolean movable = mappings.stream()
                .allMatch(mapping ->
                        mapping.host().matches("\\d+") && mapping.container().endsWith("/tcp"));
        if (!movable) {
            return mappings.stream().map(HostPorts::text).toList();
        }
        int wanted = Integer.parseInt(mappings.getFirst().host());
        int start = usable(wanted, mappings.size()) ? wanted : freeRange(mappings.size());
        List<String> result = new ArrayList<>();
        for (int at = 0; at < mappings.size(); at++) {
            PortMapping mapping = mappings.get(at);
            published.put(
                    start + at,
                    Integer.parseInt(
                            mapping.container().substring(0, mapping.container().indexOf('/'))));
            result.add(text(new PortMapping(mapping.address(), Integer.toString(start + at), mapping.container())));
        }
        return result;
    }

    private boolean usable(int start, int count) {
        boolean allowed = !limited || (start >= first && start + count - 1 <= last);
        return allowed
                && IntStream.range(start, start + count)
                        .allMatch(port -> !published.containsKey(port) && free.test(port));
    }

    private int freeRange(int count) {
        return IntStream.rangeClosed(first, last - count + 1)
                .filter(start -> usable(start, count))
                .findFirst()
                .orElseThrow(() -> new AgentException(
                        ErrorCode.LAUNCH_FAILED,
                        "no " + count + " free ports lie between '" + first + "' and '" + last
                                + "'; end what uses them, or extend " + DockerSettings.PORT_RANGE.key()));
    }

    private static String text(PortMapping mapping) {
        String address = mapping.address().contains(":") ? "[" + mapping.address() + "]" : mapping.address();
        String prefix = mapping.address().isEmpty() ? "" : address + ":";
        String host = mapping.host().isEmpty() && prefix.isEmpty() ? "" : mapping.host() + ":";
        return prefix + host + mapping.container();
    }
}
