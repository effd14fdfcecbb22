// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import ml.clear.agent.runtime.storage.MemoryStore;
import ml.clear.agent.runtime.storage.StorageFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteEnvironmentsTest {

    private static final Duration WAIT = Duration.ofMinutes(5);

    private final AtomicInteger builds = new AtomicInteger();
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private final List<String> console = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path temporary;

    private StorageFixture fixture;
    private MemoryStore store;
    private long mostBytes;

    @BeforeEach
    void open() {
        fixture = new StorageFixture(temporary);
        store = fixture.store;
    }

    private EnvironmentPlan plan(String machine, String requirement) {
        return new PortablePlan(machine, requirement, builds);
    }

    /** A task of a machine; what it stores is stored when it ends. */
    private PreparedEnvironment task(String machine, EnvironmentPlan plan) throws Exception {
        return task(machine, plan, WAIT);
    }

    private PreparedEnvironment task(String machine, EnvironmentPlan plan, Duration wait) throws Exception {
        Path root = temporary.resolve(machine);
        EnvironmentSettings settings =
                new EnvironmentSettings(root, root.resolve("cache"), 10, 0, List.of(), true, false);
        RemoteSettings shared = new RemoteSettings(StorageFixture.at("shared"), mostBytes, wait);
        EnvironmentRequest request = new EnvironmentRequest(
                "", Requirements.NONE, new SourceTree(temporary, temporary, false), console::add);
        try (RemoteEnvironments remote = new RemoteEnvironments(fixture.usual(), shared)) {
            EnvironmentStore environments = new EnvironmentStore(
                    settings, new SystemCommandRunner(), () -> Instant.ofEpochMilli(now.addAndGet(1000)), remote);
            try (PreparedEnvironment prepared =
                    environments.prepare(_ -> plan, request, root.resolve("task-" + tasks.incrementAndGet()))) {
                return prepared;
            }
        }
    }

    private StorageAddress archive() {
        return archives().getFirst();
    }

    private byte[] content(StorageAddress object) {
        return Objects.requireNonNull(store.objects.get(object));
    }

    private List<StorageAddress> archives() {
        return store.objects.keySet().stream()
                .filter(address -> address.key().endsWith(".zip"))
                .toList();
    }

    @Test
    void anEnvironmentIsBuiltByOneMachineAndFetchedByTheOthers() throws Exception {
        assertThat(task("one", plan("one", "a")).fromCache()).isFalse();

        PreparedEnvironment second = task("two", plan("two", "a"));

        Path folder = second.environment().folder();
        assertThat(second.fromCache()).isTrue();
        assertThat(builds).hasValue(1);
        assertThat(console)
                .singleElement()
                .asString()
                .startsWith("Fetching the environment from 'mem://store/shared' (");
        assertThat(folder.resolve("lib/deep/a.py")).hasContent("a".repeat(500));
        assertThat(Files.getLastModifiedTime(folder.resolve("lib/deep/a.py")).toInstant())
                .isEqualTo(PortablePlan.TIME);
        assertThat(folder.resolve("bin/tool")).hasContent("#!" + folder + "/bin/python");
        assertThat(folder.resolve("bin/tool")).isExecutable();
        assertThat(Files.readSymbolicLink(folder.resolve("lib64"))).isEqualTo(Path.of("lib"));
        assertThat(Files.readSymbolicLink(folder.resolve("bin/module.py"))).isEqualTo(Path.of("../lib/deep/a.py"));
        assertThat(Files.readSymbolicLink(folder.resolve("bin/python"))).isEqualTo(Path.of("/two/bin/python3"));
    }

    @Test
    void whatWasFetchedOrStoredIsInTheCacheOfTheMachineAndTheStoreIsNotAskedAgain() throws Exception {
        task("one", plan("one", "a"));
        task("two", plan("two", "a"));
        store.requests.clear();

        assertThat(task("one", plan("one", "a")).fromCache()).isTrue();
        assertThat(task("two", plan("two", "a")).fromCache()).isTrue();

        assertThat(store.requests).isEmpty();
        assertThat(builds).hasValue(1);
    }

    @Test
    void anEnvironmentThatCannotMoveIsNotShared() throws Exception {
        EnvironmentPlan fixed = new PortablePlan("one", "a", builds) {
            @Override
            public Optional<SortedMap<String, String>> portableIdentity() {
                return Optional.empty();
            }
        };

        task("one", fixed);

        assertThat(store.requests).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SERVER_UNAVAILABLE", "ACCESS_DENIED", "CREDENTIALS_REFUSED", "PLUGIN_UNUSABLE", "STORAGE_FAILED"})
    void aStoreThatCannotBeUsedCostsOneLineAndTheEnvironmentIsBuilt(ErrorCode failure) throws Exception {
        store.unusable = failure;

        assertThat(task("one", plan("one", "a")).fromCache()).isFalse();

        assertThat(console)
                .singleElement()
                .asString()
                .startsWith(
                        "The environment in 'mem://store/shared' cannot be used and is built here: the store fails with "
                                + failure);
        store.requests.clear();
        assertThat(task("one", plan("one", "a")).fromCache()).isTrue();
        assertThat(store.requests).as("the next attempt is made an hour later").isEmpty();
        store.unusable = null;
        now.addAndGet(Duration.ofHours(2).toMillis());
        task("one", plan("one", "a"));
        assertThat(archives()).hasSize(1);
    }

    @Test
    void aMachineThatMayOnlyReadFetchesAndKeepsWhatItBuildsToItself() throws Exception {
        task("one", plan("one", "a"));
        store.readOnly = ErrorCode.ACCESS_DENIED;

        assertThat(task("two", plan("two", "a")).fromCache()).isTrue();
        assertThat(task("two", plan("two", "b")).fromCache()).isFalse();

        assertThat(archives()).hasSize(1);
        assertThat(console).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipped", "cut", "empty", "of another kind"})
    void aDamagedArchiveCostsOneLineAndIsReplaced(String damage) throws Exception {
        task("one", plan("one", "a"));
        damage(content -> switch (damage) {
            case "flipped" -> flipped(content);
            case "cut" -> Arrays.copyOf(content, content.length * 2 / 3);
            case "empty" -> new byte[0];
            default -> "no zip".repeat(100).getBytes(StandardCharsets.UTF_8);
        });

        PreparedEnvironment second = task("two", plan("two", "a"));

        assertThat(second.fromCache()).isFalse();
        assertThat(second.environment().folder().resolve("lib/deep/a.py")).hasContent("a".repeat(500));
        assertThat(console)
                .filteredOn(line -> !line.startsWith("Fetching"))
                .singleElement()
                .asString()
                .startsWith(
                        "The environment in 'mem://store/shared' cannot be used and is built here: it is damaged, ");
        assertThat(task("three", plan("three", "a")).fromCache()).isTrue();
        assertThat(builds).hasValue(2);
    }

    private void damage(UnaryOperator<byte[]> change) {
        StorageAddress archive = archive();
        store.objects.put(archive, change.apply(content(archive)));
    }

    /** In the compressed content of the first file. */
    private static byte[] flipped(byte[] content) {
        byte[] changed = content.clone();
        changed[60] ^= 0x55;
        return changed;
    }

    @Test
    void anEnvironmentThatThePackageManagerDoesNotAcceptIsBuilt() throws Exception {
        task("one", plan("one", "a"));
        EnvironmentPlan refusing = new PortablePlan("two", "a", builds) {
            @Override
            public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
                return Optional.empty();
            }
        };

        assertThat(task("two", refusing).fromCache()).isFalse();

        assertThat(console.getLast()).endsWith("is built here: the package manager does not accept it");
    }

    @Test
    void anEnvironmentWithoutItsInterpreterIsBuilt() throws Exception {
        task("one", plan("one", "a"));
        EnvironmentPlan forgetful = new PortablePlan("two", "a", builds) {
            @Override
            public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
                Optional<PythonEnvironment> restored = super.restore(folder, builtAt);
                folder.resolve("bin/python").toFile().delete();
                return restored;
            }
        };

        assertThat(task("two", forgetful).fromCache()).isFalse();
        assertThat(builds).hasValue(2);
    }

    @Test
    void ofTwoMachinesThatStoreAtOnceTheFirstOneWins() throws Exception {
        store.beforeWrite = () -> {
            store.beforeWrite = () -> {};
            store.objects.put(StorageFixture.at("shared/v1/" + keyOf("a") + ".zip"), new byte[] {1});
        };

        assertThat(task("one", plan("one", "a")).fromCache()).isFalse();

        assertThat(store.objects.get(archive())).containsExactly(1);
        assertThat(console).isEmpty();
        store.requests.clear();
        task("one", plan("one", "a"));
        assertThat(store.requests).isEmpty();
    }

    private String keyOf(String requirement) {
        return EnvironmentKey.of(new PortablePlan("", requirement, builds)
                        .portableIdentity()
                        .orElseThrow())
                .value();
    }

    @Test
    void theArchiveNotFetchedForLongestIsRemovedWhenThereAreTooMany() throws Exception {
        task("one", plan("one", "a"));
        int size = content(archive()).length;
        task("one", plan("one", "b"));
        task("two", plan("two", "a"));
        mostBytes = size * 5L / 2;

        task("one", plan("one", "c"));

        assertThat(archives())
                .extracting(StorageAddress::key)
                .containsExactlyInAnyOrder("shared/v1/" + keyOf("a") + ".zip", "shared/v1/" + keyOf("c") + ".zip");
        assertThat(store.objects).containsKey(StorageFixture.at("shared/v1/used/" + keyOf("a")));
    }

    @Test
    void nothingIsRemovedFromAStoreThatCannotList() throws Exception {
        store.capabilities.remove(StorageCapability.LIST);
        mostBytes = 1;

        task("one", plan("one", "a"));
        task("one", plan("one", "b"));

        assertThat(archives()).hasSize(2);
    }

    @Test
    void theEndOfTheAgentWaitsForTheStoreNoLongerThanConfigured() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        store.beforeWrite = () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "interrupted", e);
            }
        };

        task("one", plan("one", "a"), Duration.ofMillis(100));

        assertThat(archives()).isEmpty();
    }

    @Test
    void aFileThatATaskChangedInPlaceIsNotShared() throws Exception {
        task("one", plan("one", "a"), Duration.ZERO);
        store.objects.clear();
        try (Stream<Path> copies = Files.walk(temporary.resolve("one/cache/v1/entries"))) {
            for (Path file : copies.toList()) {
                if (file.endsWith("lib/deep/a.py")) {
                    Files.writeString(file, "changed");
                } else if (file.endsWith("published")) {
                    Files.delete(file);
                }
            }
        }

        task("one", plan("one", "a"));
        task("two", plan("two", "a"));

        assertThat(Files.readString(temporary.resolve("two/task-3/lib/deep/a.py")))
                .isEqualTo("a".repeat(500));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file\t../out\trw-r--r--\t0\t0\t-",
                "file\t/etc/out\trw-r--r--\t0\t0\t-",
                "file\ta/../../out\trw-r--r--\t0\t0\t-",
                "link\ta\t../out",
                "link\ta\t/etc",
                "link\tlib\tother\nfile\tlib/out\trw-r--r--\t0\t0\t-",
                "outside\t../out",
                "surprise\ta",
                "file\ta"
            })
    void anIndexThatLeadsOutOfTheEnvironmentIsRefused(String lines) {
        assertThatThrownBy(() -> ArchiveIndex.read("clearml-environment-archive 1\nbuilt-at\t/built\n" + lines + "\n")
                        .eachFile(_ -> {}))
                .isInstanceOf(DamagedArchive.class);
    }

    @Test
    void nothingThatExistsIsOverwritten() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(temporary.resolve("tree"));
        Files.writeString(tree.resolve("a"), "content");
        Path archive = temporary.resolve("archive.zip");
        ArchiveWriter.write(tree, tree, archive);
        Path target = temporary.resolve("target");

        ArchiveReader.unpack(archive, target, 2);

        assertThat(target.resolve("a")).hasContent("content");
        assertThatThrownBy(() -> ArchiveReader.unpack(archive, target, 2)).isInstanceOf(IOException.class);
    }
}
