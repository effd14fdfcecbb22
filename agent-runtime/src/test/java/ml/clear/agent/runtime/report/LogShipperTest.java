// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.report.FakeEvents.Fault;
import ml.clear.agent.runtime.server.LogEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogShipperTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ConsoleForm FORM = ConsoleForm.of(true, new Redactor(List.of(Secret.of("canary"))));
    private static final ShippingPace FAST = new ShippingPace(
            Duration.ofMillis(5),
            Duration.ofMillis(1),
            Duration.ofMillis(4),
            Duration.ofMillis(1),
            Duration.ofMillis(50));

    private final Path spool;
    private final Path shipped;

    LogShipperTest(@TempDir Path folder) throws IOException {
        spool = Files.createDirectory(folder.resolve("spool"));
        shipped = folder.resolve("shipped");
    }

    @Test
    void shipsLinesOfAgentAndTaskInOneOrderWithSecretsMasked() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        try (SpoolWriter before = new SpoolWriter(spool)) {
            before.write("installing");
        }
        append(1, "out canary\nunfinished");
        try (SpoolWriter after = new SpoolWriter(spool)) {
            after.write("done");
        }
        ship(events, FAST);
        assertThat(events.console()).isEqualTo("installing\nout ****\nunfinished\ndone\n");
        assertThat(events.events()).extracting(LogEvent::level).containsOnly("DEBUG");
        assertThat(events.events()).extracting(LogEvent::worker).containsOnly("worker");
    }

    @Test
    void timesIncreaseStrictlyThoughTheClockGoesBackAndTheAgentRestarts() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        AtomicLong now = new AtomicLong(10_000_000);
        for (int run = 0; run < 5; run++) {
            append(run, "run " + run + "\n" + "x".repeat(70_000) + "\n");
            try (LogShipper shipper = shipper(events, FAST, () -> Instant.ofEpochMilli(now.addAndGet(-3_600_000)))
                    .start()) {
                assertThat(shipper.finish(LIMIT)).isTrue();
            }
        }
        List<Long> times = events.events().stream().map(LogEvent::timestamp).toList();
        assertThat(times).hasSize(10).doesNotHaveDuplicates();
        assertThat(events.console().lines().filter(line -> line.startsWith("run")))
                .containsExactly("run 0", "run 1", "run 2", "run 3", "run 4");
    }

    @Test
    void requestsAndEventsAreBoundedAndNoLineIsSpreadOverTwo() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append("line ").append(i).append(" of some length, more than a few characters\n");
        }
        append(0, text.toString());
        ship(events, FAST);
        assertThat(events.console()).isEqualTo(text.toString());
        assertThat(events.largestRequest()).isLessThanOrEqualTo(1 << 20);
        assertThat(events.events()).allSatisfy(event -> {
            assertThat(event.message().length()).isLessThanOrEqualTo(1 << 16);
            assertThat(event.message()).startsWith("line ").endsWith("\n");
        });
    }

    @Test
    void threeMillionLettersArriveWhole() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        String text = "before\n" + "x".repeat(3_000_000) + "\nafter\n";
        append(0, text);
        ship(events, FAST);
        assertThat(events.console().equals(text)).isTrue();
        assertThat(events.largestRequest()).isLessThan(2 << 20);
    }

    @Test
    void batchWhoseAnswerWasLostIsLookedUp() throws Exception {
        int segment = 0;
        for (Fault fault : List.of(Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.LOST_BETWEEN)) {
            AtomicBoolean once = new AtomicBoolean();
            FakeEvents events = new FakeEvents(() -> once.getAndSet(true) ? Fault.NONE : fault);
            String text = ("y".repeat(40_000) + fault + "\n").repeat(6);
            append(segment++, text);
            ship(events, FAST);
            assertThat(events.console()).as(fault.toString()).isEqualTo(text);
        }
    }

    @Test
    void everyLineOnceUnderRandomFaultsAndDeathsOfTheShipper() throws Exception {
        int rounds = Boolean.getBoolean("soak") ? 400 : 40;
        for (int seed = 0; seed < rounds; seed++) {
            Random random = new Random(seed);
            Random serverRandom = new Random(seed + 1000);
            FakeEvents events = new FakeEvents(() -> {
                List<Fault> dice = List.of(
                        Fault.NONE,
                        Fault.NONE,
                        Fault.NONE,
                        Fault.UNAVAILABLE,
                        Fault.LOST_BEFORE,
                        Fault.LOST_AFTER,
                        Fault.LOST_BETWEEN);
                return dice.get(serverRandom.nextInt(dice.size()));
            });
            clean();
            StringBuilder expected = new StringBuilder();
            int segment = 0;
            for (int run = 0; run < 6; run++) {
                try (LogShipper _ =
                        shipper(events, FAST, InstantSource.system()).start()) {
                    for (int piece = 0; piece < 4; piece++) {
                        String text = text(random, expected.length());
                        expected.append(text);
                        int cut = random.nextInt(text.length());
                        append(segment, text.substring(0, cut));
                        segment += random.nextInt(4) == 0 ? 1 : 0;
                        append(segment, text.substring(cut));
                        TimeUnit.MICROSECONDS.sleep(random.nextInt(4000));
                    }
                }
            }
            ship(events, FAST);
            assertThat(events.console()).as("seed " + seed).isEqualTo(expected.toString());
        }
    }

    @Test
    void serverThatIsAwayLosesNothingAndTheEchoGoesOn() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        FakeEvents events = new FakeEvents(() -> away.get() ? Fault.UNAVAILABLE : Fault.NONE);
        List<String> shown = new CopyOnWriteArrayList<>();
        try (LogShipper shipper =
                shipper(events, FAST, InstantSource.system()).echoTo(shown::add).start()) {
            append(0, "a\nb\n");
            append(1, "c canary\n");
            eventually(() -> String.join("\n", shown).equals("a\nb\nc ****"));
            assertThat(shipper.finish(Duration.ofMillis(50))).isFalse();
            assertThat(events.events()).isEmpty();
            away.set(false);
            assertThat(shipper.finish(LIMIT)).isTrue();
            assertThat(events.console()).isEqualTo("a\nb\nc ****\n");
        }
    }

    @Test
    void noticeIsSentAndShown() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        List<String> shown = new CopyOnWriteArrayList<>();
        try (LogShipper shipper =
                shipper(events, FAST, InstantSource.system()).echoTo(shown::add).start()) {
            shipper.notice("INFO", "aborting the canary");
            assertThat(shown).containsExactly("aborting the ****");
            assertThat(shipper.finish(LIMIT)).isTrue();
            assertThat(events.console()).isEqualTo("aborting the ****\n");
        }
    }

    @Test
    void aLineThatIsWrittenInTwoPartsIsNotSplit() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        try (LogShipper shipper = shipper(events, ShippingPace.of(FAST.period()), InstantSource.system())
                .start()) {
            append(0, "whole\nha");
            eventually(() -> events.console().equals("whole\n"));
            append(0, "lf\n");
            eventually(() -> events.console().equals("whole\nhalf\n"));
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
    }

    @Test
    void aProgressBarThatDoesNotEndIsSentNowAndThenInItsLastState() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        try (LogShipper shipper = shipper(events, FAST, InstantSource.system()).start()) {
            append(0, "1%\r2%\r3%");
            eventually(() -> events.console().endsWith("3%\n"));
            append(0, "\r4%\n");
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
        assertThat(events.console()).endsWith("3%\n4%\n");
        assertThat(events.console().lines().count()).isLessThanOrEqualTo(3);
    }

    @Test
    void aQuestionWithoutALineEndIsSentAndItsAnswerContinuesIt() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        List<String> shown = new CopyOnWriteArrayList<>();
        Console console = new Console() {
            @Override
            public void line(String text) {
                shown.add(text + "|");
            }

            @Override
            public void unfinished(String text) {
                shown.add(text);
            }
        };
        try (LogShipper shipper =
                shipper(events, FAST, InstantSource.system()).echoTo(console).start()) {
            append(0, "first\nname? ");
            eventually(() -> events.console().equals("first\nname? "));
            eventually(() -> shown.equals(List.of("first|", "name? ")));
            shipper.notice("INFO", "still waiting");
            append(0, "Ada\n");
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
        assertThat(events.console()).contains("still waiting\n");
        assertThat(events.console().replace("still waiting\n", "")).isEqualTo("first\nname? Ada\n");
        assertThat(shown).containsExactly("first|", "name? ", "name? |", "still waiting|", "name? Ada|");
    }

    @Test
    void noticesComeAfterTheLinesThatAreThere() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        try (LogShipper shipper = shipper(events, FAST, InstantSource.system()).start()) {
            append(0, "before\n");
            eventually(() -> events.console().equals("before\n"));
            shipper.notice("ERROR", "User aborted: stopping task canary");
            eventually(() -> events.events().size() == 2);
            append(0, "after\n");
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
        assertThat(events.console()).isEqualTo("before\nUser aborted: stopping task ****\nafter\n");
        assertThat(events.events().get(1).level()).isEqualTo("ERROR");
    }

    @Test
    void taskThatTheServerKnowsNoMoreDropsItsLinesAndEnds() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.REFUSED);
        append(0, "a\n");
        append(1, "b\n");
        try (LogShipper shipper = shipper(events, FAST, InstantSource.system()).start()) {
            assertThat(shipper.finish(LIMIT)).isTrue();
            assertThat(shipper.refused()).isTrue();
        }
        assertThat(events.events()).isEmpty();
    }

    @Test
    void segmentsThatArrivedAreDeleted() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        for (int i = 0; i < 20; i++) {
            append(i, "segment " + i + "\n");
        }
        ship(events, FAST);
        try (var left = Files.list(spool)) {
            assertThat(left).hasSize(1);
        }
        assertThat(events.console().lines()).hasSize(20);
    }

    @Test
    void diskThatCannotBeReadForAWhileLosesNothing() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        Path away = spool.resolveSibling("away");
        try (LogShipper shipper = shipper(events, FAST, InstantSource.system()).start()) {
            append(0, "before\n");
            eventually(() -> events.console().equals("before\n"));
            append(0, "unfini");
            Files.move(spool, away);
            Files.writeString(away.resolve("00000001.log"), "shed\nafter\n");
            TimeUnit.MILLISECONDS.sleep(FAST.firstRetry().toMillis() * 3);
            Files.move(away, spool);
            assertThat(shipper.finish(LIMIT)).isTrue();
            assertThat(shipper.failure()).isEmpty();
        }
        assertThat(events.console()).isEqualTo("before\nunfinished\nafter\n");
    }

    @Test
    void diskThatIsGoneForGoodIsToldAndWaitedForNoMore() throws Exception {
        FakeEvents events = new FakeEvents(() -> Fault.NONE);
        Files.delete(spool);
        try (LogShipper shipper = shipper(events, FAST, InstantSource.system()).start()) {
            assertThat(shipper.finish(LIMIT)).isFalse();
            assertThat(shipper.failure().orElseThrow()).contains("NoSuchFileException");
        }
    }

    private void ship(FakeEvents events, ShippingPace pace) throws InterruptedException {
        try (LogShipper shipper = shipper(events, pace, InstantSource.system()).start()) {
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
    }

    private LogShipper shipper(FakeEvents events, ShippingPace pace, InstantSource clock) {
        return new LogShipper(new LogDestination(events, TASK, "worker"), spool, shipped, FORM, pace, clock);
    }

    private void append(int segment, String text) throws IOException {
        Files.writeString(
                new SpoolSegments(spool).path(segment), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void clean() throws IOException {
        Files.deleteIfExists(shipped);
        SpoolSegments segments = new SpoolSegments(spool);
        for (long number : segments.numbers()) {
            Files.delete(segments.path(number));
        }
    }

    private static String text(Random random, int number) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            text.append(number)
                    .append('-')
                    .append(i)
                    .append(" \u20ac ".repeat(random.nextInt(random.nextInt(10) == 0 ? 30_000 : 40)))
                    .append('\n');
        }
        return text.toString();
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is over").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
