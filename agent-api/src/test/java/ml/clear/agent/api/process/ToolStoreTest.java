// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ToolStore.Maker;
import ml.clear.agent.api.process.ToolStore.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolStoreTest {

    @TempDir
    Path folder;

    private final List<String> console = new ArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private ToolStore store() {
        return new ToolStore(folder.resolve("tools"), () -> now);
    }

    private static Tool tool(String version) {
        return new Tool("uv", new TreeMap<>(Map.of("version", version)), Duration.ofDays(7));
    }

    private Maker maker() {
        return target -> Files.writeString(target.resolve("program"), "made " + made.incrementAndGet());
    }

    private static String program(Path tool) throws IOException {
        return Files.readString(tool.resolve("program"));
    }

    private List<Path> tools() throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("tools"))) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.endsWith("locks"))
                    .toList();
        }
    }

    @Test
    void aToolIsMadeOnceForAllStoresOfAFolder() throws Exception {
        Path first = store().provide(tool("1"), maker(), console::add);
        Path second = store().provide(tool("1"), maker(), console::add);

        assertThat(second).isEqualTo(first);
        assertThat(program(second)).isEqualTo("made 1");
    }

    @Test
    void anotherIdentityIsAnotherTool() throws Exception {
        Path first = store().provide(tool("1"), maker(), console::add);
        Path second = store().provide(tool("2"), maker(), console::add);

        assertThat(second).isNotEqualTo(first);
        assertThat(program(first)).isEqualTo("made 1");
    }

    @Test
    void aToolThatIsTooOldIsMadeAnewAndTheOneBeforeStaysForItsUsers() throws Exception {
        Path first = store().provide(tool("1"), maker(), console::add);
        now = now.plus(Duration.ofDays(8));
        Path second = store().provide(tool("1"), maker(), console::add);
        assertThat(program(second)).isEqualTo("made 2");
        assertThat(program(first)).isEqualTo("made 1");

        now = now.plus(Duration.ofDays(8));
        Path third = store().provide(tool("1"), maker(), console::add);

        assertThat(tools()).containsExactlyInAnyOrder(second, third);
    }

    @Test
    void aToolThatCannotBeMadeAnewServesOnAndTheReasonIsReported() throws Exception {
        Path first = store().provide(tool("1"), maker(), console::add);
        now = now.plus(Duration.ofDays(8));
        Maker offline = target -> {
            made.incrementAndGet();
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "no index answers");
        };

        assertThat(store().provide(tool("1"), offline, console::add)).isEqualTo(first);
        assertThat(store().provide(tool("1"), offline, console::add)).isEqualTo(first);

        assertThat(made).hasValue(2);
        assertThat(console)
                .containsExactly("Keeping the installed uv, since a newer one cannot be installed: no index answers");
        assertThat(tools()).containsExactly(first);
    }

    @Test
    void aToolThatCannotBeUsedIsMadeAnew() throws Exception {
        Maker checked = new Maker() {
            @Override
            public void make(Path target) throws IOException {
                Files.writeString(target.resolve("program"), "made " + made.incrementAndGet());
            }

            @Override
            public boolean usable(Path target) {
                return Files.exists(target.resolve("program"));
            }
        };
        Files.delete(store().provide(tool("1"), checked, console::add).resolve("program"));

        assertThat(program(store().provide(tool("1"), checked, console::add))).isEqualTo("made 2");
    }

    @Test
    void anInterruptedOrFailedInstallationLeavesNothing() throws Exception {
        Maker failing = target -> {
            Files.writeString(target.resolve("half"), "");
            throw new IOException("the disk is full");
        };

        assertThat(catchThrowable(() -> store().provide(tool("1"), failing, console::add)))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("cannot install uv in '")
                .hasMessageEndingWith("the disk is full");

        assertThat(tools()).isEmpty();
    }

    @Test
    void whatAKilledAgentLeftIsRemovedAndNeverUsed() throws Exception {
        Path tool = store().provide(tool("1"), maker(), console::add);
        String name = tool.getFileName().toString();
        Path left = Files.createDirectories(
                tool.resolveSibling(name.substring(0, name.indexOf('.')) + ".00000000-0000-0000-0000-000000000000"));
        now = now.plus(Duration.ofDays(8));

        Path next = store().provide(tool("1"), maker(), console::add);

        assertThat(left).doesNotExist();
        assertThat(program(next)).isEqualTo("made 2");
    }

    @Test
    void tasksThatStartAtOnceMakeAToolOnceAndTheOthersWait() throws Exception {
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Maker slow = target -> {
            making.countDown();
            finish.await();
            Files.writeString(target.resolve("program"), "made " + made.incrementAndGet());
        };
        CountDownLatch waiting = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Path> first = threads.submit(() -> store().provide(tool("1"), slow, line -> {}));
            making.await();
            Future<Path> second = threads.submit(() -> store().provide(tool("1"), slow, line -> waiting.countDown()));
            waiting.await();
            finish.countDown();

            assertThat(second.get()).isEqualTo(first.get());
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void theNameOfAToolIsChecked() {
        assertThat(catchThrowable(() -> new Tool("../up", new TreeMap<>(), Duration.ofDays(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../up'");
    }
}
