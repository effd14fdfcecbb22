// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import ml.clear.agent.api.file.ContentKey;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pip.PipPlugin;
import ml.clear.agent.plugin.poetry.PoetryPlugin;
import ml.clear.agent.plugin.uv.UvPlugin;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.environment.EnvironmentStore;
import ml.clear.agent.runtime.environment.PreparedEnvironment;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;

/**
 * A process that prepares environments of four package managers until it is killed. It checks each one, and leaves a file {@code
 * NAME.done} with the outcome.
 *
 * @param folder shared by all processes
 * @param index the address of the package index of poetry's projects
 * @param random chooses
 */
record BuildLoop(Path folder, String index, Random random) {

    /** How many environments the cache keeps; fewer than there are different ones, so that some are evicted all the time. */
    static final int KEPT = 5;

    /** poetry, the slowest, comes least. */
    private static final List<String> KINDS = List.of("pip", "pip", "uv", "uv", "conda", "conda", "poetry");

    private static final String UV = """
            [project]
            name = "demo"
            version = "0.1"
            requires-python = ">=3.9"
            dependencies = ["alpha==VERSION"]
            """;

    private static final String POETRY = """
            [tool.poetry]
            name = "demo"
            version = "0.1"
            description = ""
            authors = []
            package-mode = false

            [tool.poetry.dependencies]
            python = ">=3.9"
            alpha = "VERSION"

            [[tool.poetry.source]]
            name = "local"
            url = "INDEX"
            priority = "primary"
            """;

    /** Arguments: the folder, the index, the seed of the choices; a package manager if it is to prepare one environment and end. */
    public static void main(String[] arguments) throws Exception {
        BuildLoop loop = new BuildLoop(Path.of(arguments[0]), arguments[1], new Random(Long.parseLong(arguments[2])));
        if (arguments.length > 3) {
            loop.once(arguments[3]);
            return;
        }
        while (true) {
            loop.once(KINDS.get(loop.random.nextInt(KINDS.size())));
        }
    }

    /** The store that all processes share. */
    EnvironmentStore store() {
        EnvironmentSettings settings = new EnvironmentSettings(
                folder.resolve("tasks"), folder.resolve("cache"), KEPT, 0, List.of(), true, false);
        return new EnvironmentStore(settings, new SystemCommandRunner(), InstantSource.system());
    }

    private void once(String kind) throws IOException, InterruptedException {
        String name = UUID.randomUUID().toString();
        String version = random.nextBoolean() ? "1.0" : "2.0";
        String outcome;
        try {
            outcome = prepare(kind, version, folder.resolve("tasks").resolve(name));
        } catch (RuntimeException | IOException e) {
            outcome = "failed " + kind + " " + version + ": " + e;
        }
        Path written = Files.writeString(folder.resolve(name + ".new"), outcome);
        Files.move(written, folder.resolve(name + ".done"));
    }

    /** Prepare one, and use it. */
    String prepare(String kind, String version, Path task) throws IOException, InterruptedException {
        Path sources = Files.createDirectories(task.resolve("code"));
        RecordedConsole console = new RecordedConsole();
        boolean fromCache;
        try (PreparedEnvironment prepared = store().prepare(
                        watched(manager(kind)),
                        new EnvironmentRequest(
                                "",
                                requirements(kind, version, sources),
                                new SourceTree(sources, sources, true),
                                console),
                        task.resolve("environment"))) {
            fromCache = prepared.fromCache();
            PythonEnvironment environment = prepared.environment();
            CommandResult used = new SystemCommandRunner()
                    .run(Command.of(environment.launcher())
                            .arguments(List.of("-c", "import alpha, sys; print(alpha.VERSION, sys.prefix)"))
                            .environment(environment.variables())
                            .directory(sources)
                            .build());
            String expected = version + " " + task.resolve("environment");
            if (!used.output().strip().equals(expected)) {
                return "wrong " + kind + " " + version + ": " + used + "\n" + console.text();
            }
        }
        Folders.delete(task);
        return (fromCache ? "restored " : "built ") + kind + " " + version;
    }

    private Requirements requirements(String kind, String version, Path sources) throws IOException {
        switch (kind) {
            case "uv" -> Files.writeString(sources.resolve("pyproject.toml"), UV.replace("VERSION", version));
            case "poetry" ->
                Files.writeString(
                        sources.resolve("pyproject.toml"),
                        POETRY.replace("VERSION", version).replace("INDEX", index));
            default -> {
                return Requirements.ofPip(List.of("alpha==" + version));
            }
        }
        return Requirements.NONE;
    }

    private PackageManager manager(String kind) {
        TestContext context = TestContext.in(folder.resolve("agent"))
                .with(new SystemCommandRunner())
                .with(TestSettings.defaults()
                        .with(
                                CondaSettings.CHANNELS,
                                folder.resolve("channel").toUri().toString())
                        .with(new PipPlugin().settings().getFirst(), List.of(">=9")) // the interpreter's own pip
                        .with(PythonSettings.CPU_ONLY, true));
        return switch (kind) {
            case "pip" -> only(new PipPlugin().packageManagers(), kind).create(context);
            case "uv" -> only(new UvPlugin().packageManagers(), kind).create(context);
            case "poetry" -> only(new PoetryPlugin().packageManagers(), kind).create(context);
            default -> new CondaPackageManager(new CondaContext(context), SharedRattler::python);
        };
    }

    private static Factory<PackageManager> only(List<Factory<PackageManager>> factories, String name) {
        return factories.stream()
                .filter(factory -> factory.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The same manager; while it builds, a file says so, and another process that builds the same at that time is an error. */
    private PackageManager watched(PackageManager manager) {
        return request -> new Watched(manager.plan(request), folder.resolve("building"));
    }

    private record Watched(EnvironmentPlan plan, Path building) implements EnvironmentPlan {

        @Override
        public SortedMap<String, String> identity() {
            return plan.identity();
        }

        @Override
        public boolean cacheable() {
            return plan.cacheable();
        }

        @Override
        public PythonEnvironment build(Path target) throws InterruptedException {
            String key = ContentKey.of(plan.identity());
            try {
                Path own = Files.createFile(
                        building.resolve(key + "." + ProcessHandle.current().pid()));
                try {
                    try (Stream<Path> others = Files.list(building)) {
                        others.filter(one -> one.getFileName().toString().startsWith(key))
                                .filter(one -> !one.equals(own))
                                .filter(Watched::alive)
                                .findFirst()
                                .ifPresent(one -> {
                                    throw new IllegalStateException("built twice at once: " + plan.identity());
                                });
                    }
                    return plan.build(target);
                } finally {
                    Files.delete(own);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static boolean alive(Path file) {
            String name = file.getFileName().toString();
            return ProcessHandle.of(Long.parseLong(name.substring(name.lastIndexOf('.') + 1)))
                    .map(ProcessHandle::isAlive)
                    .orElse(false);
        }

        @Override
        public Optional<PythonEnvironment> restore(Path target, Path builtAt) throws InterruptedException {
            return plan.restore(target, builtAt);
        }
    }
}
