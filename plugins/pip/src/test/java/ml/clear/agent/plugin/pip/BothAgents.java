// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ml.clear.agent.testkit.InstalledProgram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real pip and the real Python agent of one version, in one process that is asked many times. pip resolves and builds, and
 * installs nothing.
 */
final class BothAgents implements AutoCloseable {

    private static final String PROGRAM = "both_agents.py";
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    private BothAgents(Process process) {
        this.process = process;
        this.questions = process.outputWriter();
        this.answers = process.inputReader();
    }

    /**
     * What is installed in the end.
     *
     * @param error why nothing is, empty if all went well
     * @param packages the version of each, and where it comes from if that is no index
     * @param indexes the indexes that are asked besides the usual one
     */
    record Outcome(String error, Map<String, String> packages, Set<String> indexes) {

        Outcome {
            packages = new TreeMap<>(packages);
            indexes = new TreeSet<>(indexes);
        }

        boolean sameAs(Outcome other) {
            return error.isEmpty() == other.error.isEmpty()
                    && packages.equals(other.packages)
                    && indexes.equals(other.indexes);
        }
    }

    /**
     * What one run of pip would do.
     *
     * @param exitCode its exit code
     * @param packages what it would install
     * @param said its output
     */
    record PipRun(int exitCode, Map<String, String> packages, String said) {}

    /** Start them; the test is skipped where the Python agent cannot be installed. */
    static BothAgents in(Path folder, RequirementsPackages packages) throws IOException, InterruptedException {
        Path requirements = Path.of("..", "..", "distribution", "src", "test", "python", "agent-requirements.txt")
                .toAbsolutePath();
        Path python = InstalledProgram.ofPython("clearml-agent-3.0.3", "python", "-r", requirements.toString());
        Path program = folder.resolve(PROGRAM);
        try (InputStream source = Objects.requireNonNull(BothAgents.class.getResourceAsStream(PROGRAM))) {
            Files.copy(source, program, StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(), program.toString(), packages.wheels().toString())
                .redirectError(folder.resolve("both agents.log").toFile());
        builder.environment().clear();
        builder.environment().putAll(packages.variables());
        builder.environment().remove("PIP_FIND_LINKS");
        builder.environment().keySet().removeIf(name -> name.startsWith("CLEARML_"));
        return new BothAgents(builder.start());
    }

    /** Let the Python agent install what a requirements file lists. */
    Outcome pythonAgent(Path folder, String text, boolean list) {
        JsonNode answer = ask(Map.of("agent", text, "folder", folder.toString(), "own_list", list));
        Set<String> indexes = new TreeSet<>();
        answer.get("indexes").forEach(index -> indexes.add(index.asString()));
        String error = answer.get("error").asString();
        return new Outcome(
                error.isEmpty() ? "" : error + "\n" + answer.get("said").asString(),
                packages(answer.get("packages")),
                indexes);
    }

    /** Let pip install something. */
    PipRun pip(Path folder, List<String> arguments) {
        JsonNode answer = ask(Map.of("pip", arguments, "folder", folder.toString()));
        return new PipRun(
                answer.get("exit").asInt(),
                packages(answer.get("packages")),
                answer.get("said").asString());
    }

    private static Map<String, String> packages(JsonNode node) {
        Map<String, String> packages = new HashMap<>();
        node.propertyNames().forEach(name -> packages.put(name, node.get(name).asString()));
        return packages;
    }

    private JsonNode ask(Map<String, ?> question) {
        try {
            questions.write(JSON.writeValueAsString(question) + "\n");
            questions.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new AssertionError("the Python agent ended; see 'both agents.log'");
            }
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process ends when it has no more questions to read. */
    @Override
    public void close() throws IOException {
        questions.close();
        process.onExit().join();
    }
}
