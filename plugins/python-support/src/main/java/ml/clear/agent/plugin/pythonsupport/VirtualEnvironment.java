// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * A virtual environment (PEP 405): a folder whose interpreter finds its packages there.
 *
 * <p>One is made without running anything: links to the interpreter, {@code pyvenv.cfg} and an empty folder for packages
 * are all that the interpreter looks at. That takes milliseconds, and works where Debian's packages split off the module
 * {@code venv}.
 *
 * @param folder where it lies, absolute
 */
public record VirtualEnvironment(Path folder) {

    private static final String CONFIGURATION = "pyvenv.cfg";
    private static final String RECORDED = "clearml-folder";

    /** Checks that the folder is absolute. */
    public VirtualEnvironment {
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("an environment needs an absolute folder, got '" + folder + "'");
        }
    }

    /**
     * Make an environment without any package.
     *
     * @param folder absolute; made if absent
     * @param systemPackages whether the interpreter's own packages are seen too
     * @throws AgentException {@code FILE_SYSTEM} when the folder cannot be written
     */
    public static VirtualEnvironment create(Interpreter interpreter, Path folder, boolean systemPackages) {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        try {
            Files.createDirectories(folder.resolve("bin"));
            Files.createDirectories(folder.resolve("include"));
            Files.createDirectories(environment.packages(interpreter.series()));
            Files.createSymbolicLink(folder.resolve("lib64"), Path.of("lib"));
            Files.createSymbolicLink(environment.python(), interpreter.baseExecutable());
            Files.createSymbolicLink(folder.resolve("bin/python3"), Path.of("python"));
            Files.createSymbolicLink(folder.resolve("bin/python" + interpreter.series()), Path.of("python"));
            environment.configure(interpreter, systemPackages);
            ActivationScripts.write(environment);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make a virtual environment in '" + folder + "': " + e.getMessage(),
                    e);
        }
        return environment;
    }

    private void configure(Interpreter interpreter, boolean systemPackages) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("include-system-site-packages", String.valueOf(systemPackages));
        values.put(RECORDED, folder.toString());
        configure(interpreter, values);
    }

    private void configure(Interpreter interpreter, Map<String, String> values) throws IOException {
        Path base = interpreter.baseExecutable();
        values.put("home", String.valueOf(base.getParent()));
        values.put("version", interpreter.version().text());
        values.put("executable", base.toString());
        writeConfiguration(values);
    }

    /**
     * Give the environment its interpreter if it has none, as after a transfer from another machine.
     *
     * @return whether it has one that can be started
     * @throws AgentException {@code FILE_SYSTEM} when the folder cannot be written
     */
    public boolean adopt(Interpreter interpreter) {
        try {
            if (!Files.exists(python(), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(python(), interpreter.baseExecutable());
                configure(interpreter, configuration());
            }
            return Files.isExecutable(python()); // the interpreter that it was created with may no longer exist
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot complete the virtual environment in '" + folder + "': " + e.getMessage(),
                    e);
        }
    }

    /** The interpreter of the environment. */
    public Path python() {
        return folder.resolve("bin/python");
    }

    /** The folder of commands. */
    public Path commands() {
        return folder.resolve("bin");
    }

    /**
     * The folder of packages.
     *
     * @throws AgentException {@code FILE_SYSTEM} when there is none
     */
    public Path packages() {
        try (var entries = Files.newDirectoryStream(folder.resolve("lib"), "python*")) {
            for (Path entry : entries) {
                return entry.resolve("site-packages");
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "'" + folder + "' is no virtual environment: " + e.getMessage(), e);
        }
        throw new AgentException(ErrorCode.FILE_SYSTEM, "'" + folder + "' holds no folder for packages");
    }

    private Path packages(String series) {
        return folder.resolve("lib/python" + series + "/site-packages");
    }

    /** The folder in which it was made or moved to last; empty when another program made it. */
    Optional<Path> recordedFolder() throws IOException {
        return Optional.ofNullable(configuration().get(RECORDED)).map(Path::of);
    }

    /** Records the present path. */
    void recordFolder() throws IOException {
        Map<String, String> values = configuration();
        values.put(RECORDED, folder.toString());
        writeConfiguration(values);
    }

    private Map<String, String> configuration() throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve(CONFIGURATION))) {
            int split = line.indexOf('=');
            if (split > 0) {
                values.put(
                        line.substring(0, split).strip(),
                        line.substring(split + 1).strip());
            }
        }
        return values;
    }

    private void writeConfiguration(Map<String, String> values) throws IOException {
        List<String> lines = values.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .toList();
        Replacement.of(folder.resolve(CONFIGURATION), String.join("\n", lines) + "\n");
    }
}
