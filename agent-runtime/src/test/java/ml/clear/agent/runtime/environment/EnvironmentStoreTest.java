// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.api.task.Requirements;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentStoreTest {

    private final AtomicInteger builds = new AtomicInteger();
    private final AtomicInteger failingRestores = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private final List<String> console = java.util.Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path temporary;

    private EnvironmentStore store;

    @BeforeEach
    void open() {
        store = store(10, 0);
    }

    private EnvironmentStore store(long entries, long freeBytes) {
        return store(entries, freeBytes, true);
    }

    private EnvironmentStore store(long entries, long freeBytes, boolean hardLinks) {
        return store(entries, freeBytes, hardLinks, false);
    }

    private EnvironmentStore store(long entries, long freeBytes, boolean hardLinks, boolean updating) {
        InstantSource clock = () -> Instant.ofEpochMilli(now.addAndGet(1000));
        return new EnvironmentStore(
                new EnvironmentSettings(
                        temporary, temporary.resolve("cache"), entries, freeBytes, List.of(), hardLinks, updating),
                new NoCommands(),
                clock);
    }

    private PreparedEnvironment prepare(String requirement, String folder) throws InterruptedException {
        return prepare(store, this::plan, requirement, folder);
    }

    private PreparedEnvironment prepare(
            EnvironmentStore from, PackageManager manager, String requirement, String folder)
            throws InterruptedException {
        EnvironmentRequest request = new EnvironmentRequest(
                "",
                Requirements.ofPip(List.of(requirement)),
                new SourceTree(temporary, temporary, false),
                console::add);
        try (PreparedEnvironment prepared = from.prepare(manager, request, temporary.resolve(folder))) {
            return prepared;
        }
    }

    private EnvironmentPlan plan(EnvironmentRequest request) {
        return new FilePlan(request.requirements().pip().getFirst(), builds) {
            @Override
            public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
                if (failingRestores.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new IllegalStateException("cannot be taken over");
                }
                return super.restore(folder, builtAt);
            }
        };
    }

    private List<Path> entries() throws IOException {
        Path folder = temporary.resolve("cache/v1/entries");
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void theSecondTaskGetsACopy() throws Exception {
        assertThat(prepare("a", "first").fromCache()).isFalse();

        PreparedEnvironment second = prepare("a", "second");

        assertThat(second.fromCache()).isTrue();
        assertThat(second.environment().folder()).isEqualTo(temporary.resolve("second"));
        assertThat(temporary.resolve("second/lib/a.py")).hasContent("a");
        assertThat(builds).hasValue(1);
        assertThat(console).containsExactly("Using the environment from the cache");
    }

    @Test
    void aCopyThatThePackageManagerCannotTakeOverIsBuiltAnew() throws Exception {
        prepare("a", "first");
        failingRestores.set(1);

        PreparedEnvironment second = prepare("a", "second");

        assertThat(second.fromCache()).isFalse();
        assertThat(builds).hasValue(2);
        assertThat(console).contains("The cached environment cannot be used and is rebuilt: cannot be taken over");
        assertThat(prepare("a", "third").fromCache()).isTrue();
    }

    @Test
    void anotherIdentityIsBuiltOnItsOwn() throws Exception {
        prepare("a", "first");

        assertThat(prepare("b", "second").fromCache()).isFalse();
        assertThat(entries()).hasSize(2);
    }

    /** A plan that adds a file to the copy of another environment. */
    private PackageManager updating(String lines, Supplier<Boolean> accepted) {
        return request -> new FilePlan(lines, builds) {
            @Override
            public Set<String> updatable() {
                return Set.of("requirements");
            }

            @Override
            public Optional<PythonEnvironment> update(Path folder, Path builtAt) {
                assertThat(builtAt).isAbsolute().isNotEqualTo(folder);
                if (!accepted.get()) {
                    return Optional.empty();
                }
                try {
                    Files.writeString(folder.resolve("lib/added.py"), lines);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return restore(folder, builtAt);
            }
        };
    }

    @Test
    void theNearestEnvironmentIsUpdatedAndKeptForLaterTasks() throws Exception {
        prepare("a\nb\nc", "far");
        prepare("a\nb\nx", "near");
        EnvironmentStore updating = store(10, 0, true, true);

        prepare(updating, updating("a\nx", () -> true), "a\nx", "wanted");

        assertThat(builds).hasValue(2);
        assertThat(console).containsExactly("Updating the nearest environment from the cache");
        assertThat(temporary.resolve("wanted/lib/a\nb\nx.py")).exists();
        assertThat(temporary.resolve("near/lib/added.py")).doesNotExist();
        PreparedEnvironment again = prepare(updating, updating("a\nx", () -> true), "a\nx", "again");
        assertThat(again.fromCache()).isTrue();
        assertThat(temporary.resolve("again/lib/added.py")).hasContent("a\nx");
    }

    @Test
    void anEnvironmentIsBuiltWhereNoneIsNearOrItsUpdateFails() throws Exception {
        prepare("a\nb", "first");
        EnvironmentStore updating = store(10, 0, true, true);

        prepare(updating, updating("c", () -> true), "c", "alone");
        prepare(updating, updating("a\nc", () -> false), "a\nc", "refused");
        prepare(
                updating,
                updating("a\nd", () -> {
                    throw new IllegalStateException("no such version");
                }),
                "a\nd",
                "failing");
        prepare(store, updating("b", () -> true), "b", "off");

        assertThat(builds).hasValue(5);
        assertThat(console)
                .contains("The nearest environment cannot be updated, so a new one is built: no such version");
        assertThat(temporary.resolve("failing/lib/a\nb.py")).doesNotExist();
    }

    @Test
    void symbolicLinksAndTimesAreKept() throws Exception {
        prepare("a", "first");
        prepare("a", "second");

        assertThat(Files.readSymbolicLink(temporary.resolve("second/bin/python")))
                .isEqualTo(Path.of("/usr/bin/python3"));
        assertThat(Files.getLastModifiedTime(temporary.resolve("second/lib/a.py")))
                .isEqualTo(Files.getLastModifiedTime(temporary.resolve("first/lib/a.py")));
    }

    @Test
    void withoutHardLinksEditingSourcesInPlaceDoesNotReachTheCache() throws Exception {
        store = store(10, 0, false);
        prepare("a", "first");
        Files.writeString(temporary.resolve("first/lib/a.py"), "changed by the task");

        prepare("a", "second");

        assertThat(temporary.resolve("second/lib/a.py")).hasContent("a");
        assertThat(builds).hasValue(1);
    }

    @Test
    void filesOfPackagesAreSharedAndThoseThatHoldSettingsAreNot() throws Exception {
        prepare("a", "first");
        prepare("a", "second");

        for (String shared : List.of("a.py", "a.so")) {
            assertThat(Files.isSameFile(
                            temporary.resolve("first/lib").resolve(shared),
                            temporary.resolve("second/lib").resolve(shared)))
                    .as(shared)
                    .isTrue();
        }
        assertThat(Files.isSameFile(temporary.resolve("first/lib/a.json"), temporary.resolve("second/lib/a.json")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.so", "a.py"})
    void aCopyWhoseFilesWereChangedIsNotUsedAgain(String file) throws Exception {
        prepare("a", "first");
        Files.writeString(temporary.resolve("first/lib").resolve(file), "written in place by a task that shares it");

        PreparedEnvironment second = prepare("a", "second");

        assertThat(second.fromCache()).isFalse();
        assertThat(temporary.resolve("second/lib").resolve(file)).hasContent("a");
        assertThat(builds).hasValue(2);
    }

    /** A plan whose restored copies are not accepted. */
    private PackageManager refusing(Supplier<Optional<PythonEnvironment>> answer) {
        return request -> new FilePlan("a", builds) {
            @Override
            public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
                return answer.get();
            }
        };
    }

    @Test
    void aCopyThatThePackageManagerDoesNotAcceptIsBuiltAnewAndReplacedInTheCache() throws Exception {
        prepare("a", "first");

        PreparedEnvironment second = prepare(store, refusing(Optional::empty), "a", "second");

        assertThat(second.fromCache()).isFalse();
        assertThat(temporary.resolve("second/lib/a.py")).hasContent("a");
        assertThat(prepare("a", "third").fromCache()).isTrue();
        assertThat(builds).hasValue(2);
    }

    @Test
    void aRestoreThatFailsIsBuiltAnewWithItsReasonInTheConsole() throws Exception {
        prepare("a", "first");

        PreparedEnvironment second = prepare(
                store,
                refusing(() -> {
                    throw new IllegalStateException("the interpreter does not start");
                }),
                "a",
                "second");

        assertThat(second.fromCache()).isFalse();
        assertThat(console).anyMatch(line -> line.contains("rebuilt: the interpreter does not start"));
    }

    @Test
    void aFailedBuildLeavesNothing() throws Exception {
        PackageManager failing = request -> new FilePlan("a", builds) {
            @Override
            public PythonEnvironment build(Path folder) {
                super.build(folder);
                throw new AgentException(ErrorCode.REQUIREMENTS_UNSATISFIABLE, "no 'a'");
            }
        };

        assertThatThrownBy(() -> prepare(store, failing, "a", "first")).hasMessage("no 'a'");

        assertThat(temporary.resolve("first")).doesNotExist();
        assertThat(entries()).isEmpty();
        assertThat(prepare("a", "second").fromCache()).isFalse();
    }

    @Test
    void tasksThatNeedTheSameBuildItOnce() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String folder = "task" + i;
            tasks.add(() -> prepare("a", folder).fromCache());
        }
        List<Boolean> fromCache = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                fromCache.add(result.get());
            }
        }

        assertThat(builds).hasValue(1);
        assertThat(fromCache).containsOnlyOnce(false);
    }

    @Test
    void theOneNotUsedForLongestGoesFirst() throws Exception {
        store = store(2, 0);
        prepare("a", "1");
        prepare("b", "2");
        prepare("a", "3");
        prepare("c", "4");

        assertThat(prepare("a", "5").fromCache()).isTrue();
        assertThat(prepare("b", "6").fromCache()).isFalse();
        assertThat(entries()).hasSize(2);
    }

    @Test
    void aDiskThatIsTooFullKeepsNothingAndTheTaskGoesOn() throws Exception {
        store = store(10, Long.MAX_VALUE);

        assertThat(prepare("a", "first").environment().folder()).isDirectory();
        assertThat(entries()).isEmpty();
        assertThat(console).singleElement().asString().contains("free_space_threshold_gb");
    }

    @Test
    void aCacheThatCannotBeWrittenCostsNoTask() throws Exception {
        Files.writeString(temporary.resolve("cache"), "a file where the folder should be");

        assertThat(prepare("a", "first").fromCache()).isFalse();
        assertThat(console).singleElement().asString().contains("cannot be used");
    }

    @Test
    void withoutACacheEveryTaskBuilds() throws Exception {
        store = new EnvironmentStore(
                new EnvironmentSettings(temporary, Path.of(""), 10, 0, List.of(), true, false),
                new NoCommands(),
                InstantSource.system());

        prepare("a", "first");
        assertThat(prepare("a", "second").fromCache()).isFalse();
    }

    @Test
    void whatADeadAgentLeftIsRemoved() throws Exception {
        Path left = temporary.resolve("cache/v1/staging/left/environment");
        Files.createDirectories(left);
        Files.writeString(left.resolve("half"), "");

        prepare("a", "first");

        assertThat(temporary.resolve("cache/v1/staging")).isEmptyDirectory();
    }

    @Test
    void aManifestReadsBackAsWritten() throws Exception {
        Path file = temporary.resolve("manifest");
        Manifest written = new Manifest(
                new TreeMap<>(Map.of("requirements", "a\nb\tc\\n")),
                Path.of("/with blank/ü"),
                42,
                Map.of("lib/a.py", new Manifest.Stamp(1, 2)));

        written.write(file);

        assertThat(Manifest.read(file)).contains(written);
    }

    /** A plan that writes a few files. */
    private static class FilePlan implements EnvironmentPlan {

        private final String requirement;
        private final AtomicInteger builds;

        FilePlan(String requirement, AtomicInteger builds) {
            this.requirement = requirement;
            this.builds = builds;
        }

        @Override
        public SortedMap<String, String> identity() {
            return new TreeMap<>(Map.of("requirements", requirement));
        }

        @Override
        public boolean cacheable() {
            return true;
        }

        @Override
        public PythonEnvironment build(Path folder) {
            builds.incrementAndGet();
            try {
                Files.createDirectories(folder.resolve("lib"));
                Files.createDirectories(folder.resolve("bin"));
                for (String ending : List.of(".py", ".so", ".json")) {
                    Path file = folder.resolve("lib/" + requirement + ending);
                    Files.writeString(file, requirement);
                    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plus(Duration.ofDays(1))));
                }
                Files.createSymbolicLink(folder.resolve("bin/python"), Path.of("/usr/bin/python3"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return at(folder);
        }

        @Override
        public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
            assertThat(builtAt).isAbsolute().isNotEqualTo(folder);
            return Optional.of(at(folder));
        }

        private PythonEnvironment at(Path folder) {
            return new PythonEnvironment(
                    folder, folder.resolve("bin/python"), Map.of(), FrozenPackages.ofPip(List.of(requirement)));
        }
    }

    private static final class NoCommands implements CommandRunner {

        @Override
        public CommandResult run(Command command) {
            return new CommandResult(0, "", "");
        }

        @Override
        public CommandResult run(Command command, Console console) {
            return run(command);
        }
    }
}
