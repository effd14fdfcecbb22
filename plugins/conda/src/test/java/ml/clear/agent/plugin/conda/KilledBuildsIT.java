// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.plugin.pip.PipPlugin;
import ml.clear.agent.plugin.poetry.PoetryPlugin;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.uv.UvPlugin;
import ml.clear.agent.runtime.environment.CacheInspection;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.testkit.CondaChannel;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.TestContext;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;

/** Two processes that prepare environments of four package managers with one cache, killed at random. */
@Tag("thorough")
class KilledBuildsIT {

    private static final int ENVIRONMENTS = Boolean.getBoolean("soak") ? 200 : 14;
    private static final long LIMIT_MINUTES = 60;

    private final Random random = new Random(11);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @TempDir
    private Path folder;

    private PackageIndex index;

    @BeforeEach
    void start() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Files.createSymbolicLink(programs.resolve("uv"), InstalledProgram.ofPython("uv-0.13.9", "uv", "uv==0.13.9"));
        Files.createSymbolicLink(
                programs.resolve("poetry"), InstalledProgram.ofPython("poetry-2.5.1", "poetry", "poetry==2.5.1"));
        SharedRattler.python(line -> {});
        Path wheels = folder.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        CondaChannel.withPython()
                .withModule("alpha", "1.0")
                .withModule("alpha", "2.0")
                .writeTo(folder.resolve("channel"));
        Files.createDirectories(folder.resolve("building"));
        index = PackageIndex.of(wheels);
    }

    @AfterEach
    void stop() {
        index.close();
    }

    @Test
    void everyPreparedEnvironmentIsWholeNoneIsBuiltTwiceAtOnceAndNothingIsLeft() throws Exception {
        int prepared = 0;
        int kills = 0;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        List<Process> loops = new ArrayList<>(List.of(loop(), loop()));
        try {
            while (prepared < ENVIRONMENTS) {
                assertThat(System.nanoTime()).as(outcomes.toString()).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(4000));
                int finished = readOutcomes();
                prepared += finished;
                // on a busy machine a process may need longer than this for its first environment
                if ((finished > 0 && random.nextInt(3) == 0) || random.nextInt(8) == 0) {
                    int victim = random.nextInt(2);
                    kill(loops.get(victim));
                    loops.set(victim, loop());
                    kills++;
                }
            }
        } finally {
            for (Process loop : loops) {
                kill(loop);
            }
        }
        assertHealthy();
        System.out.println(kills + " kills, " + outcomes);
    }

    private int readOutcomes() throws IOException {
        List<Path> finished = entries(folder, ".done");
        for (Path done : finished) {
            String outcome = Files.readString(done);
            assertThat(outcome).as(log()).matches("(built|restored) \\w+ [12]\\.0");
            outcomes.merge(outcome.substring(0, outcome.lastIndexOf(' ')), 1, Integer::sum);
            Files.delete(done);
        }
        return finished.size();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("loops.log"));
    }

    /** One more environment of each manager can be prepared, and what killed processes left is gone then. */
    private void assertHealthy() throws Exception {
        for (String kind : List.of("pip", "uv", "poetry", "conda")) {
            Process last = loop(kind);
            assertThat(last.waitFor(10, TimeUnit.MINUTES)).isTrue();
        }
        readOutcomes();
        EnvironmentSettings settings = new EnvironmentSettings(
                folder.resolve("tasks"), folder.resolve("cache"), BuildLoop.KEPT, 0, List.of(), true, false);
        CacheInspection cache = new CacheInspection(settings, InstantSource.system());
        assertThat(cache.damaged()).isEmpty();
        assertThat(cache.list()).hasSizeBetween(1, BuildLoop.KEPT);
        assertThat(entries(folder.resolve("cache/v1/staging"), "")).isEmpty();
        // the tools: one folder for each, and nothing that was half made
        List<Path> tools = entries(folder.resolve("agent/cache/tools"), "");
        assertThat(tools.stream().filter(Files::isDirectory).filter(one -> !one.endsWith("locks")))
                .hasSameSizeAs(tools.stream()
                        .filter(one -> one.toString().endsWith(".current"))
                        .toList());
        assertThat(entries(folder.resolve("agent/cache"), "").stream()
                        .map(one -> one.getFileName().toString())
                        .filter(name -> name.startsWith("conda-")))
                .isEmpty();
    }

    private static List<Path> entries(Path in, String end) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }

    /** The process alone, so that its installer goes on, or all that it started, too. */
    private void kill(Process loop) throws InterruptedException {
        List<ProcessHandle> below = loop.descendants().toList();
        loop.destroyForcibly().waitFor();
        if (random.nextBoolean()) {
            below.forEach(ProcessHandle::destroyForcibly);
        }
        for (ProcessHandle process : below) {
            process.onExit().orTimeout(120, TimeUnit.SECONDS).join();
        }
    }

    private Process loop(String... kind) throws IOException {
        String classes = Stream.of(
                        KilledBuildsIT.class,
                        CondaPlugin.class,
                        PipPlugin.class,
                        UvPlugin.class,
                        PoetryPlugin.class,
                        Interpreters.class,
                        PackageManager.class,
                        CacheInspection.class,
                        TestContext.class,
                        Load.class,
                        Assertions.class,
                        Assumptions.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + File.pathSeparator + Path.of("target", "test-classes").toAbsolutePath(),
                BuildLoop.class.getName(),
                folder.toString(),
                index.address(),
                String.valueOf(random.nextInt())));
        command.addAll(List.of(kind));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("loops.log").toFile()));
        builder.environment().clear();
        builder.environment().putAll(variables());
        return builder.start();
    }

    /** Variables under which the installers ask nothing but what the test offers. */
    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(CondaContext.variables(folder.resolve("wheels")));
        variables.keySet().removeIf(name -> name.startsWith("UV_") || name.startsWith("POETRY_"));
        variables.put("PATH", folder.resolve("programs") + File.pathSeparator + variables.getOrDefault("PATH", ""));
        variables.put("UV_NO_INDEX", "1");
        variables.put("UV_FIND_LINKS", folder.resolve("wheels").toString());
        variables.put("UV_CACHE_DIR", folder.resolve("uv cache").toString());
        variables.put("POETRY_CACHE_DIR", folder.resolve("poetry cache").toString());
        variables.put("POETRY_CONFIG_DIR", folder.resolve("poetry settings").toString());
        variables.put("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER);
        variables.put("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
        return variables;
    }
}
