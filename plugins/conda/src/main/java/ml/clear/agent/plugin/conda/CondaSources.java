// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementSources;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;

/** Decides where the packages of a task are read from. */
final class CondaSources {

    private static final String TASK = "the task's requirements";

    private final boolean preferRepository;
    private final boolean preferOriginal;

    CondaSources(Settings settings) {
        this.preferRepository = settings.get(PackageSettings.FORCE_REPOSITORY_FILES);
        this.preferOriginal = settings.get(PackageSettings.FORCE_ORIGINAL);
    }

    /**
     * What a task asks for.
     *
     * @param conda dependencies of an environment, as they were written
     * @param pip requirements in pip's form
     * @param strict whether each package comes from where it is listed, as a file of an environment means it; otherwise the
     *     channels are asked for pip's packages too
     * @param origin where the dependencies were written, for messages
     * @param root where paths among the dependencies start
     * @param channels channels that precede the configured ones
     * @param onlyTheseChannels whether the configured channels are not used
     * @param variables environment variables for the task
     */
    record Wanted(
            List<String> conda,
            RequirementSet pip,
            boolean strict,
            String origin,
            Path root,
            List<String> channels,
            boolean onlyTheseChannels,
            Map<String, String> variables) {

        Wanted {
            conda = List.copyOf(conda);
            channels = List.copyOf(channels);
            variables = Map.copyOf(variables);
        }
    }

    /**
     * The task's own lists, and its whole environment before them, when it has any, else the environment file nearest to the
     * script, else the requirements files of the repository. The channels and variables of an environment file count in each case.
     */
    Wanted read(EnvironmentRequest request) {
        Path root = request.sources().root();
        Optional<Path> described =
                request.sources().repository() ? EnvironmentFile.find(request.sources()) : Optional.empty();
        Requirements own = own(request.requirements());
        List<String> notes = new ArrayList<>();
        Optional<EnvironmentFile> file =
                own.isEmpty() ? described.map(EnvironmentFile::read) : described.flatMap(path -> readable(path, notes));
        List<String> channels =
                new ArrayList<>(file.map(EnvironmentFile::channels).orElse(List.of()));
        boolean only = channels.remove("nodefaults");
        Map<String, String> variables = file.map(EnvironmentFile::variables).orElse(Map.of());
        if (!own.isEmpty()) {
            List<String> conda = new ArrayList<>(lines(own.conda()));
            List<String> pip = new ArrayList<>(lines(own.pip()));
            if (!own.condaEnvironment().isBlank()) {
                EnvironmentFile whole = whole(own.condaEnvironment(), root);
                conda.addAll(0, whole.dependencies());
                pip.addAll(whole.pip());
                channels.addAll(whole.channels());
            }
            RequirementSet required = RequirementsFile.parse(pip, root, TASK)
                    .plus(new RequirementSet(List.of(), List.of(), List.of(), notes));
            return new Wanted(conda, required, false, TASK, root, channels, only, variables);
        }
        if (file.isPresent()) {
            String name = root.relativize(file.get().file()).toString();
            Path folder = Objects.requireNonNull(file.get().file().getParent());
            RequirementSet pip = RequirementsFile.parse(file.get().pip(), folder, name);
            return new Wanted(file.get().dependencies(), pip, true, name, folder, channels, only, variables);
        }
        RequirementSet pip = new RequirementSources(true, false).read(request);
        return new Wanted(List.of(), pip, false, "requirements.txt", root, channels, only, variables);
    }

    /** A file from which only channels and variables would be used stops no task. */
    private static Optional<EnvironmentFile> readable(Path file, List<String> notes) {
        try {
            return Optional.of(EnvironmentFile.read(file));
        } catch (AgentException e) {
            notes.add(e.getMessage() + ". Its channels and variables are not used");
            return Optional.empty();
        }
    }

    private static EnvironmentFile whole(String document, Path root) {
        return EnvironmentFile.read(
                root.resolve("conda_env_json"), new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    }

    private Requirements own(Requirements requirements) {
        if (preferRepository) {
            return Requirements.NONE;
        }
        Requirements original =
                new Requirements(requirements.originalPip(), requirements.originalConda(), List.of(), List.of());
        return preferOriginal && !original.isEmpty() ? original : requirements;
    }

    /** Servers keep a list as one text or as many. */
    private static List<String> lines(List<String> texts) {
        return texts.stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
