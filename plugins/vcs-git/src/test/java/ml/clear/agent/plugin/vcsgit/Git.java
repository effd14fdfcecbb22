// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The real git, in one folder, without anybody's configuration. */
final class Git {

    private static final Map<String, String> QUIET = Map.ofEntries(
            Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
            Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
            Map.entry("GIT_AUTHOR_NAME", "Ada"),
            Map.entry("GIT_AUTHOR_EMAIL", "ada@example.org"),
            Map.entry("GIT_COMMITTER_NAME", "Ada"),
            Map.entry("GIT_COMMITTER_EMAIL", "ada@example.org"),
            Map.entry("GIT_TERMINAL_PROMPT", "0"));

    private final Path folder;

    Git(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where git is missing, or fails it where real parts are required. */
    static void require() {
        require("git");
    }

    static void require(String program) {
        boolean there = find(program).isPresent();
        if (Boolean.getBoolean("require.real")) {
            if (!there) {
                throw new AssertionError("program '" + program + "' is required and missing");
            }
            return;
        }
        Assumptions.assumeTrue(there, "program '" + program + "' is missing");
    }

    /** Where a program is installed. */
    static Path program(String name) {
        return find(name).orElseThrow();
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Git init(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Git git = new Git(folder);
        git.run("init", "--quiet", "--initial-branch=main");
        git.run("config", "uploadpack.allowAnySHA1InWant", "true");
        return git;
    }

    Path folder() {
        return folder;
    }

    Git write(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    String commit() throws IOException, InterruptedException {
        run("add", "--all");
        run("commit", "--quiet", "--allow-empty", "-m", "change");
        return run("rev-parse", "HEAD").strip();
    }

    String run(String... arguments) throws IOException, InterruptedException {
        return new String(bytes(arguments), StandardCharsets.UTF_8);
    }

    /** Whether a command ends without an error. */
    boolean succeeds(String... arguments) throws IOException, InterruptedException {
        try {
            bytes(arguments);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    byte[] bytes(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(QUIET);
        Path errors = Files.createTempFile("git", ".txt");
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        int code = process.waitFor();
        String words = Files.readString(errors);
        Files.delete(errors);
        if (code != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + " ended with " + code + ": " + words);
        }
        return output;
    }
}
