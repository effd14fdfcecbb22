// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import ml.clear.agent.api.file.FileLocks;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that tests need and that a package manager of another language brings: installed once into the user's cache folder,
 * {@code clearml-agent-tests}, under a name that holds its version.
 */
public final class InstalledProgram {

    private static final long LONGEST_MINUTES = 20;

    private InstalledProgram() {}

    /**
     * The program, installed if it is not there. Where that fails the test is skipped with a reason, or fails if the system
     * property {@code require.real} is true.
     *
     * @param name a name with a version, such as {@code azurite-3.37.0}
     * @param file the program, relative to its folder
     * @param command installs it into the folder that it gets
     * @param environment further variables of that command
     */
    public static Path of(
            String name,
            String file,
            Function<Path, List<String>> command,
            Function<Path, Map<String, String>> environment)
            throws IOException, InterruptedException {
        Path all = cache();
        Path folder = all.resolve(name);
        Path program = folder.resolve(file);
        try (FileLocks.Held _ = new FileLocks(all).take(name, () -> {})) {
            if (!Files.exists(program)) {
                Files.createDirectories(folder);
                String failure = run(command.apply(folder), environment.apply(folder), folder);
                if (!Files.exists(program)) {
                    return missing(name + " cannot be installed: " + failure);
                }
            }
        }
        return program;
    }

    /**
     * A program of packages for Python, installed from the package index into a virtual environment of its own; as {@link #of}
     * otherwise.
     *
     * @param name the first package and its version, such as {@code uv-0.9.5}
     * @param program a file in the environment's folder of programs
     * @param arguments what is installed, as pip takes it
     */
    public static Path ofPython(String name, String program, String... arguments)
            throws IOException, InterruptedException {
        // programs are installed before the packages that they need
        String command =
                "python3 -m venv --clear \"$0\" && \"$0/bin/pip\" install --quiet --disable-pip-version-check \"$@\""
                        + " && touch \"$0/complete\"";
        Path complete = of(
                name,
                "environment/complete",
                folder -> Stream.concat(
                                Stream.of(
                                        "sh",
                                        "-c",
                                        command,
                                        folder.resolve("environment").toString()),
                                Stream.of(arguments))
                        .toList(),
                _ -> Map.of());
        return complete.resolveSibling("bin").resolve(program);
    }

    private static Path cache() {
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("clearml-agent-tests");
    }

    private static String run(List<String> command, Map<String, String> environment, Path folder)
            throws InterruptedException {
        Path log = folder.resolve("install.log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return "it takes longer than " + LONGEST_MINUTES + " minutes";
            }
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Path missing(String reason) {
        if (Boolean.getBoolean("require.real")) {
            throw new AssertionError(reason);
        }
        Assumptions.abort(reason);
        throw new IllegalStateException("not reached");
    }
}
