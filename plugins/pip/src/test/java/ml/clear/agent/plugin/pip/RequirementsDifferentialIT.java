// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pip.BothAgents.Outcome;
import ml.clear.agent.testkit.FileCase;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packages that this agent and the Python agent have pip install for the same requirements file. Each agent decides by its own
 * code how often pip runs and with what; the real pip then resolves, downloads and builds.
 */
@Tag("thorough")
class RequirementsDifferentialIT {

    private static final String FILE = "requirements.txt";

    @TempDir
    private static Path shared;

    private static RequirementsPackages packages;
    private static BothAgents agents;
    private static Asked asked;
    private static PipPackageManager manager;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        packages = RequirementsPackages.writeTo(shared);
        agents = BothAgents.in(shared, packages);
        TestContext context = TestContext.in(shared.resolve("agent"))
                .with(PipPackageManagerIT.settings())
                .with(packages.variables());
        asked = new Asked(context.commands());
        manager = new PipPackageManager(context.with(asked));
    }

    @AfterAll
    static void stop() throws Exception {
        if (agents != null) {
            agents.close();
        }
    }

    static List<FileCase> files() throws IOException {
        try (InputStream stream = RequirementsDifferentialIT.class.getResourceAsStream("requirements-files.txt")) {
            return FileCase.read(
                    new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8), FILE);
        }
    }

    private static Optional<String> difference(FileCase file) {
        return file.word("differs: ");
    }

    @ParameterizedTest
    @MethodSource("files")
    void theSamePackagesAreInstalled(FileCase file) throws Exception {
        Path root = Files.createDirectories(folder.resolve("code"));
        packages.writeSources(root);
        file.writeTo(root, text -> packages.filled(text, root));
        String text = Files.readString(root.resolve(FILE));
        boolean list = file.words().contains("list");

        Outcome theirs = agents.pythonAgent(root, text, list);
        Outcome ours = ours(root, text, list);

        if (difference(file).isEmpty()) {
            assertThat(ours).matches(theirs::sameAs, "the same as " + theirs);
        } else {
            assertThat(ours).matches(outcome -> !theirs.sameAs(outcome), "not the same as " + theirs);
        }
    }

    @Test
    void eachDifferenceIsWrittenDown() throws IOException {
        String document = Files.readString(Path.of("..", "..", "docs", "compatibility.md"));

        assertThat(files().stream().flatMap(file -> difference(file).stream()))
                .allSatisfy(subject -> assertThat(Pattern.compile("(?m)^\\| " + Pattern.quote(subject) + " \\|.*")
                                .matcher(document)
                                .results())
                        .as(subject)
                        .hasSize(1));
        assertThat(files()).hasSizeGreaterThanOrEqualTo(60);
    }

    /** What this agent has pip do. */
    private Outcome ours(Path root, String text, boolean list) throws InterruptedException {
        asked.installed.clear();
        asked.indexes.clear();
        RecordedConsole console = new RecordedConsole();
        try {
            manager.plan(new EnvironmentRequest(
                            "",
                            list ? Requirements.ofPip(List.of(text)) : Requirements.NONE,
                            new SourceTree(root, root, true),
                            console))
                    .build(folder.resolve("environment"));
        } catch (AgentException e) {
            return new Outcome(e.getMessage() + "\n" + console.text(), Map.of(), asked.indexes);
        }
        return new Outcome("", asked.installed, asked.indexes);
    }

    /** Has pip say what it would install; all else runs. */
    private static final class Asked implements CommandRunner {

        private static final Pattern INDEX = Pattern.compile("(?m)^--(?:extra-)?index-url (\\S+)");

        private final CommandRunner others;
        private final Map<String, String> installed = new TreeMap<>();
        private final Set<String> indexes = new TreeSet<>();

        Asked(CommandRunner others) {
            this.others = others;
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            return run(command, _ -> {});
        }

        @Override
        public CommandResult run(Command command, Console console) throws InterruptedException {
            int install = command.arguments().indexOf("install");
            int file = command.arguments().indexOf("-r") + 1;
            if (install < 0 || file == 0) {
                return others.run(command, console);
            }
            readIndexes(Path.of(command.arguments().get(file)));
            BothAgents.PipRun run = agents.pip(
                    command.directory(),
                    command.arguments().subList(install + 1, command.arguments().size()));
            installed.putAll(run.packages());
            Stream.of(run.said().split("\n", -1)).forEach(console::line);
            return new CommandResult(run.exitCode(), "", run.said());
        }

        private void readIndexes(Path file) {
            try {
                INDEX.matcher(Files.readString(file)).results().forEach(index -> indexes.add(index.group(1)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
