// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file that describes a conda environment, {@code environment.yml}.
 *
 * @param file where it lies
 * @param channels its channels, the first one preferred
 * @param dependencies packages of channels, each as it was written
 * @param pip lines of a requirements file
 * @param variables environment variables
 */
record EnvironmentFile(
        Path file, List<String> channels, List<String> dependencies, List<String> pip, Map<String, String> variables) {

    private static final List<String> NAMES = List.of("environment.yml", "environment.yaml");

    EnvironmentFile {
        channels = List.copyOf(channels);
        dependencies = List.copyOf(dependencies);
        pip = List.copyOf(pip);
        variables = Map.copyOf(variables);
    }

    /** The file nearest to the script, in its folder or above up to the root of the sources. */
    static Optional<Path> find(SourceTree sources) {
        Path folder = sources.scriptFolder();
        while (folder != null && folder.startsWith(sources.root())) {
            for (String name : NAMES) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    return Optional.of(file);
                }
            }
            folder = folder.getParent();
        }
        return Optional.empty();
    }

    /**
     * Read a file.
     *
     * @throws AgentException {@code TASK_INVALID} when it cannot be read, with the line
     */
    static EnvironmentFile read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return read(file, stream);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "cannot read '" + file.getFileName() + "': " + e.getMessage(), e);
        }
    }

    /**
     * Read a document with the same members, such as one that conda exports as JSON.
     *
     * @param file a name for it, for messages, in the folder where its paths start
     * @throws AgentException {@code TASK_INVALID} when it cannot be read, with the line
     */
    static EnvironmentFile read(Path file, InputStream content) {
        try {
            Object document = new Load(LoadSettings.builder().build()).loadFromInputStream(content);
            if (!(document instanceof Map<?, ?> members)) {
                throw invalid(file, "has no members such as 'dependencies'");
            }
            return of(file, members);
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    file.getFileName() + line + ": " + e.getProblem() + "; correct the file",
                    e);
        } catch (YamlEngineException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "cannot read '" + file.getFileName() + "': " + e.getMessage(), e);
        }
    }

    private static EnvironmentFile of(Path file, Map<?, ?> members) {
        List<String> dependencies = new ArrayList<>();
        List<String> pip = new ArrayList<>();
        for (Object dependency : list(file, members, "dependencies")) {
            if (dependency instanceof Map<?, ?> section) {
                if (!section.keySet().equals(Set.of("pip"))) {
                    throw invalid(
                            file,
                            "has a section '" + section.keySet() + "' among its dependencies; only pip may have one");
                }
                list(file, section, "pip").forEach(line -> pip.add(String.valueOf(line)));
            } else {
                dependencies.add(String.valueOf(dependency));
            }
        }
        Map<String, String> variables = new LinkedHashMap<>();
        if (members.get("variables") instanceof Map<?, ?> named) {
            named.forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
        }
        return new EnvironmentFile(
                file,
                list(file, members, "channels").stream().map(String::valueOf).toList(),
                dependencies,
                pip,
                variables);
    }

    private static List<?> list(Path file, Map<?, ?> members, String name) {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> items) {
            return items;
        }
        throw invalid(file, "has a member '" + name + "' that is no list");
    }

    private static AgentException invalid(Path file, String problem) {
        return new AgentException(
                ErrorCode.TASK_INVALID, "'" + file.getFileName() + "' " + problem + "; correct the file");
    }
}
