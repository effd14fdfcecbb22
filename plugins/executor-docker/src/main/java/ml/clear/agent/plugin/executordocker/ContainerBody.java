// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The description of a container that the engine's call {@code /containers/create} takes, made of arguments of {@code docker
 * run}. Nothing is read or asked for.
 */
final class ContainerBody {

    private final RunArguments arguments;
    private final Map<String, Object> config = new LinkedHashMap<>();

    private ContainerBody(RunArguments arguments) {
        this.arguments = arguments;
    }

    /** The members of the description, as JSON has them; mutable. */
    static Map<String, Object> of(String image, RunArguments arguments) {
        ContainerBody body = new ContainerBody(arguments);
        body.config.put("Image", image);
        body.fill();
        body.config.put("HostConfig", new HostOptions(arguments).members());
        body.network();
        return body.config;
    }

    private void fill() {
        text("hostname", "Hostname");
        text("domainname", "Domainname");
        text("user", "User");
        text("workdir", "WorkingDir");
        text("mac-address", "MacAddress");
        text("stop-signal", "StopSignal");
        arguments
                .value("stop-timeout")
                .ifPresent(value -> config.put("StopTimeout", Quantity.integer("stop-timeout", value)));
        arguments
                .value("entrypoint")
                .ifPresent(value -> config.put("Entrypoint", value.isEmpty() ? List.of("") : List.of(value)));
        config.put("Env", environment());
        config.put("Labels", pairs("label"));
        Map<String, Object> exposed = new TreeMap<>();
        arguments.values("expose").flatMap(PortMapping::exposed).forEach(port -> exposed.put(port, Map.of()));
        arguments
                .values("publish")
                .flatMap(PortMapping::parse)
                .forEach(mapping -> exposed.put(mapping.container(), Map.of()));
        if (!exposed.isEmpty()) {
            config.put("ExposedPorts", exposed);
        }
        Map<String, Object> anonymous = new TreeMap<>();
        arguments
                .values("volume")
                .map(VolumeArgument::parse)
                .filter(VolumeArgument::isAnonymous)
                .forEach(volume -> anonymous.put(volume.target(), Map.of()));
        if (!anonymous.isEmpty()) {
            config.put("Volumes", anonymous);
        }
        health();
    }

    /** Later values replace earlier ones of the same name. */
    private List<String> environment() {
        LinkedHashMap<String, String> variables = new LinkedHashMap<>();
        arguments.values("env").forEach(word -> variables.putLast(word.split("=", 2)[0], word));
        return new ArrayList<>(variables.values());
    }

    private Map<String, String> pairs(String option) {
        Map<String, String> pairs = new LinkedHashMap<>();
        arguments.values(option).forEach(word -> {
            int equals = word.indexOf('=');
            pairs.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        });
        return pairs;
    }

    private void health() {
        Map<String, Object> health = new LinkedHashMap<>();
        if (arguments.isOn("no-healthcheck")) {
            health.put("Test", List.of("NONE"));
        }
        arguments.value("health-cmd").ifPresent(command -> health.put("Test", List.of("CMD-SHELL", command)));
        duration(health, "health-interval", "Interval");
        duration(health, "health-timeout", "Timeout");
        duration(health, "health-start-period", "StartPeriod");
        duration(health, "health-start-interval", "StartInterval");
        arguments
                .value("health-retries")
                .ifPresent(value -> health.put("Retries", Quantity.integer("health-retries", value)));
        if (!health.isEmpty()) {
            config.put("Healthcheck", health);
        }
    }

    private void duration(Map<String, Object> target, String option, String member) {
        arguments.value(option).ifPresent(value -> target.put(member, Quantity.nanoseconds(option, value)));
    }

    private void network() {
        Map<String, Object> endpoint = new LinkedHashMap<>();
        Map<String, Object> addresses = new LinkedHashMap<>();
        arguments.value("ip").ifPresent(value -> addresses.put("IPv4Address", value));
        arguments.value("ip6").ifPresent(value -> addresses.put("IPv6Address", value));
        List<String> local = arguments.values("link-local-ip").toList();
        if (!local.isEmpty()) {
            addresses.put("LinkLocalIPs", local);
        }
        if (!addresses.isEmpty()) {
            endpoint.put("IPAMConfig", addresses);
        }
        List<String> aliases = arguments.values("network-alias").toList();
        if (!aliases.isEmpty()) {
            endpoint.put("Aliases", aliases);
        }
        if (!endpoint.isEmpty()) {
            String network = arguments.value("network").orElse("default");
            config.put("NetworkingConfig", Map.of("EndpointsConfig", Map.of(network, endpoint)));
        }
    }

    private void text(String option, String member) {
        arguments.value(option).ifPresent(value -> config.put(member, value));
    }
}
