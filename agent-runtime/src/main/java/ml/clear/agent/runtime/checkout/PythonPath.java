// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where Python looks for the modules of a task.
 *
 * @param previous the value of {@code PYTHONPATH} that the agent was started with, empty for none
 * @param rootOnly whether the root of the repository takes the place of the script's folders
 * @param interpreterPath the interpreter's own {@code sys.path}; empty to leave it out
 * @param extra what {@code CLEARML_AGENT_EXTRA_PYTHON_PATH} adds, empty for none
 */
public record PythonPath(String previous, boolean rootOnly, List<String> interpreterPath, String extra) {

    /** Copies the list. */
    public PythonPath {
        interpreterPath = List.copyOf(interpreterPath);
    }

    /** The value of the variable; each folder once, where it came first. */
    public String of(PreparedCode code, Path scriptFile) {
        Set<String> folders = new LinkedHashSet<>();
        addAll(folders, previous);
        if (rootOnly && code.isRepository()) {
            folders.add(code.root().toString());
        } else {
            folders.add(code.scriptFolder().toString());
            Path folder = Files.isDirectory(scriptFile) ? scriptFile : Objects.requireNonNull(scriptFile.getParent());
            folders.add(folder.normalize().toString());
        }
        folders.addAll(interpreterPath);
        addAll(folders, extra);
        return String.join(File.pathSeparator, folders);
    }

    private static void addAll(Set<String> folders, String path) {
        Arrays.stream(path.split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .forEach(folders::add);
    }
}
