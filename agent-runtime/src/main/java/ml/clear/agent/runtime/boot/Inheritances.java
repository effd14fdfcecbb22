// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.SharedPath.Access;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.launch.Inheritance;
import ml.clear.agent.runtime.launch.SecretVariables;
import ml.clear.agent.runtime.server.Credentials;

/**
 * Collects what an execute process needs of this machine when it does not inherit it: the installed agent, the
 * configuration, the server, trust and proxies.
 */
final class Inheritances {

    private static final Pattern OWN = Pattern.compile("(?:CLEARML|TRAINS)_.*");

    /** What holds for the agent's process alone, or is set below. */
    private static final Pattern NOT_PASSED_ON =
            Pattern.compile("CLEARML_AGENT_(?:ATTEMPT|SAVED_.*|CONFIGURATION_IN_FORCE|K8S_HOST_MOUNT|DOCKER_HOST_MOUNT"
                    + "|EXTRA_DOCKER_.*|JAVA_OPTIONS)|(?:CLEARML|TRAINS)_(?:CONFIG_FILE|DOCKER_IMAGE)");

    private static final SecretVariables SECRET = new SecretVariables();

    private final Agent agent;
    private final ServerInUse server;

    Inheritances(Agent agent, ServerInUse server) {
        this.agent = agent;
        this.server = server;
    }

    Inheritance of(TaskFacts task) {
        Map<String, String> variables = new HashMap<>();
        Set<String> overrides = overrides();
        agent.process().environment().forEach((variable, value) -> {
            boolean passedOn = OWN.matcher(variable).matches() || overrides.contains(variable);
            if (passedOn && !NOT_PASSED_ON.matcher(variable).matches()) {
                variables.put(variable, value);
            }
        });
        variables.putAll(agent.network().variables());
        variables.putAll(serverVariables());
        variables.put(
                "CLEARML_AGENT__AGENT__STATE_DIR",
                agent.folders().machineState().toString());
        List<SharedPath> paths = new ArrayList<>();
        paths.add(new SharedPath(agent.process().installation(), Access.READ));
        configuration(variables, paths);
        agent.codeStore().keeps(task.script()).ifPresent(code -> paths.add(new SharedPath(code, Access.READ)));
        // Bundles of certificates.
        agent.network().variables().values().stream()
                .filter(value -> value.startsWith("/") && Files.isRegularFile(Path.of(value)))
                .distinct()
                .forEach(file -> paths.add(new SharedPath(Path.of(file), Access.READ)));
        Map<String, Secret> secrets = new HashMap<>();
        variables.forEach((variable, value) -> {
            if (SECRET.test(variable)) {
                secrets.put(variable, Secret.of(value));
            }
        });
        variables.keySet().removeAll(secrets.keySet());
        return new Inheritance(variables, secrets, paths);
    }

    private void configuration(Map<String, String> variables, List<SharedPath> paths) {
        List<Path> files = agent.sources().loaded().files().stream()
                .map(file -> file.toAbsolutePath().normalize())
                .toList();
        files.forEach(file -> paths.add(new SharedPath(file, Access.READ)));
        if (!files.isEmpty()) {
            variables.put("CLEARML_CONFIG_FILE", files.getLast().toString());
        }
        ConfigurationInForce.file(
                        agent.folders().state(), ProcessHandle.current().pid())
                .ifPresent(file -> {
                    paths.add(new SharedPath(file, Access.READ));
                    variables.put(ConfigurationInForce.VARIABLE, file.toString());
                });
    }

    /** The variables that set settings, those of plugins too. */
    private Set<String> overrides() {
        Set<String> names = new HashSet<>();
        agent.plugins().all().stream()
                .flatMap(plugin -> plugin.contributions().settings().stream())
                .map(Setting::environment)
                .forEach(names::addAll);
        return names;
    }

    private Map<String, String> serverVariables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("CLEARML_API_HOST", server.api().toString());
        put(variables, "CLEARML_WEB_HOST", server.web());
        put(variables, "CLEARML_FILES_HOST", server.files());
        switch (server.credentials()) {
            case Credentials.KeyPair(String accessKey, Secret secretKey) -> {
                variables.put("CLEARML_API_ACCESS_KEY", accessKey);
                variables.put("CLEARML_API_SECRET_KEY", secretKey.reveal());
            }
            case Credentials.ReadyToken(Secret token) -> variables.put("CLEARML_AUTH_TOKEN", token.reveal());
        }
        return variables;
    }

    private static void put(Map<String, String> variables, String name, String value) {
        if (!value.isEmpty()) {
            variables.put(name, value);
        }
    }
}
