// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;

/** Decides where a task's requirements are read from. */
public final class RequirementSources {

    /** The origin of the lines of a task's own list. */
    static final String TASK = "the task's requirements";

    private static final String FILE = "requirements.txt";

    /** Tools add these to lists that may have them already; the last line counts. */
    private static final Set<String> ADDED = Set.of("clearml", "trains", "nbconvert", "ipython");

    private final boolean preferRepository;
    private final boolean preferOriginal;

    /**
     * The rule that a configuration defines.
     *
     * @param preferRepository whether the files of the repository count rather than the task's own list
     * @param preferOriginal whether the list counts that the task had before its first run
     */
    public RequirementSources(boolean preferRepository, boolean preferOriginal) {
        this.preferRepository = preferRepository;
        this.preferOriginal = preferOriginal;
    }

    /**
     * The task's own list when it has one, else the files of the repository from its root down to the script. Without a repository
     * the list counts in any case. Of several lines for the SDK the last one counts.
     */
    public RequirementSet read(EnvironmentRequest request) {
        RequirementSet all = all(request);
        return all.only(
                one -> !ADDED.contains(one.name()) || all.named(one.name()).equals(Optional.of(one)));
    }

    private RequirementSet all(EnvironmentRequest request) {
        SourceTree sources = request.sources();
        if (!preferRepository || !sources.repository()) {
            List<String> original = request.requirements().originalPip();
            List<String> own = preferOriginal && !blank(original)
                    ? original
                    : request.requirements().pip();
            if (!blank(own)) {
                return RequirementsFile.parse(split(own), sources.root(), TASK);
            }
        }
        return sources.repository() ? files(sources) : RequirementSet.EMPTY;
    }

    private static RequirementSet files(SourceTree sources) {
        RequirementSet all = RequirementSet.EMPTY;
        for (Path folder : path(sources)) {
            Path file = folder.resolve(FILE);
            if (Files.isRegularFile(file)) {
                all = all.plus(RequirementsFile.read(file, folder));
            }
        }
        return all;
    }

    private static List<Path> path(SourceTree sources) {
        List<Path> folders = new ArrayList<>(List.of(sources.root()));
        Path folder = sources.root();
        for (Path step : sources.root().relativize(sources.scriptFolder())) {
            if (!step.toString().isEmpty()) {
                folder = folder.resolve(step);
                folders.add(folder);
            }
        }
        return folders;
    }

    /** Servers keep the list as one text or as many. */
    private static List<String> split(List<String> lines) {
        return lines.stream().flatMap(String::lines).toList();
    }

    private static boolean blank(List<String> lines) {
        return lines.stream().allMatch(String::isBlank);
    }
}
