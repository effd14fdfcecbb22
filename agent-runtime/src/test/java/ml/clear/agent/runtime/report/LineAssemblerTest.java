// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.Test;

class LineAssemblerTest {

    private static final ConsoleForm PLAIN = ConsoleForm.of(true, new Redactor());

    @Test
    void linesAreTheSameHoweverTheChunksAreCut() {
        String text = "first\n\nz\u00fcrich \u20ac \ud83c\udf89\n10%\r100%\nthe canary-secret here\r\nlast";
        ConsoleForm form = ConsoleForm.of(true, redactor("canary-secret"));
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            assertThat(lines(form, text.getBytes(StandardCharsets.UTF_8), random))
                    .containsExactly("first", "", "z\u00fcrich \u20ac \ud83c\udf89", "100%", "the **** here", "last");
        }
    }

    @Test
    void endOfALineIsThePlaceAfterItsLineFeed() {
        LineAssembler assembler = new LineAssembler(PLAIN);
        List<SpoolLine> lines = new ArrayList<>();
        assembler.feed(bytes("a\nbc\nd"), 6, new SpoolPosition(3, 10), lines::add);
        assertThat(lines)
                .containsExactly(
                        new SpoolLine("a", true, new SpoolPosition(3, 12)),
                        new SpoolLine("bc", true, new SpoolPosition(3, 15)));
        assertThat(assembler.rest(new SpoolPosition(3, 16)))
                .contains(new SpoolLine("d", true, new SpoolPosition(3, 16)));
        assertThat(assembler.rest(new SpoolPosition(3, 16))).isEmpty();
    }

    @Test
    void invalidBytesAreReplacedAndDoNotSpread() {
        byte[] bytes = {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3, '\n', 'c', '\n'};
        assertThat(lines(PLAIN, bytes, new Random(1))).containsExactly("a\ufffdb", "\ufffd", "c");
    }

    @Test
    void carriageReturnsBecomeLineEndsWhenTheyAreNotSuppressed() {
        ConsoleForm form = ConsoleForm.of(false, new Redactor());
        assertThat(lines(form, bytes("1%\r2%\r3%\nx\r\n"), new Random(1))).containsExactly("1%\n2%\n3%", "x");
    }

    @Test
    void aLongLineComesInPiecesThatSplitNeitherACharacterNorASecret() {
        String secret = "SECRET-SECRET-SECRET";
        String line = ("\ud83c\udf89" + secret + " and more, ").repeat(20_000);
        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            LineAssembler assembler = new LineAssembler(new ConsoleForm(true, 50_000, redactor(secret)));
            StringBuilder shown = new StringBuilder();
            List<SpoolLine> pieces = feed(assembler, bytes(line + "\nnext\n"), random);
            pieces.forEach(piece -> shown.append(piece.shown()));
            assertThat(shown.toString().equals(line.replace(secret, "****") + "\nnext\n"))
                    .isTrue();
            assertThat(pieces)
                    .hasSizeGreaterThan(4)
                    .allSatisfy(piece -> assertThat(piece.text().length()).isLessThan(200_000));
        }
    }

    @Test
    void aPieceIsReadAgainAsItWasGiven() {
        byte[] bytes = bytes("x".repeat(300_000) + "\r1%\r2%\r" + "y".repeat(300_000) + "\n");
        SpoolPosition start = SpoolPosition.START;
        for (SpoolLine piece :
                feed(new LineAssembler(new ConsoleForm(true, 50_000, new Redactor())), bytes, new Random(3))) {
            LineAssembler again = new LineAssembler(PLAIN);
            StringBuilder shown = new StringBuilder();
            int count = (int) (piece.end().offset() - start.offset());
            byte[] range = Arrays.copyOfRange(bytes, (int) start.offset(), (int) start.offset() + count);
            again.feed(range, count, start, line -> shown.append(line.shown()));
            again.piece(piece.end()).ifPresent(rest -> shown.append(rest.shown()));
            assertThat(shown.toString()).isEqualTo(piece.shown());
            start = piece.end();
        }
        assertThat(start.offset()).isEqualTo(bytes.length);
    }

    @Test
    void progressOfABarIsItsStateAtTheLastCarriageReturnWhileItMoves() {
        LineAssembler assembler = new LineAssembler(PLAIN);
        byte[] bytes = bytes("10%\r20%\r3");
        assembler.feed(bytes, bytes.length, SpoolPosition.START, line -> {});
        assertThat(assembler.state()).isEqualTo("3");
        assertThat(assembler.progress(false, new SpoolPosition(0, 9)))
                .contains(new SpoolLine("20%", true, new SpoolPosition(0, 8)));
        assembler.feed(
                bytes("0%\n"),
                3,
                new SpoolPosition(0, 9),
                line -> assertThat(line.text()).isEqualTo("30%"));
    }

    @Test
    void progressOfABarThatStandsStillIsItsLastState() {
        LineAssembler assembler = new LineAssembler(PLAIN);
        byte[] bytes = bytes("\r10%\r20%");
        assembler.feed(bytes, bytes.length, SpoolPosition.START, line -> {});
        assertThat(assembler.progress(true, new SpoolPosition(0, 8)))
                .contains(new SpoolLine("20%", true, new SpoolPosition(0, 8)));
        assertThat(assembler.progress(true, new SpoolPosition(0, 8))).isEmpty();
    }

    @Test
    void aQuestionIsGivenOnWithoutALineEndAndTheBeginningOfASecretIsNot() {
        LineAssembler assembler = new LineAssembler(ConsoleForm.of(true, redactor("canary-secret")));
        byte[] bytes = bytes("name? canary-se");
        assembler.feed(bytes, bytes.length, SpoolPosition.START, line -> {});
        assertThat(assembler.state()).isEqualTo("name? ");
        assertThat(assembler.progress(true, new SpoolPosition(0, 15)))
                .contains(new SpoolLine("name? ", false, new SpoolPosition(0, 6)));
        assembler.feed(
                bytes("cret!\n"),
                6,
                new SpoolPosition(0, 15),
                line -> assertThat(line.shown()).isEqualTo("****!\n"));
    }

    @Test
    void thePasswordOfAnAddressIsNotSplit() {
        LineAssembler assembler = new LineAssembler(PLAIN);
        byte[] bytes = bytes("from https://ann:pass");
        assembler.feed(bytes, bytes.length, SpoolPosition.START, line -> {});
        assertThat(assembler.progress(true, new SpoolPosition(0, bytes.length)))
                .get()
                .extracting(SpoolLine::text)
                .isEqualTo("from https");
        assembler.feed(
                bytes("word@host\n"),
                10,
                new SpoolPosition(0, bytes.length),
                line -> assertThat(line.text()).isEqualTo("://ann:****@host"));
    }

    @Test
    void aMillionCellsThatAreOverwrittenNeedLittleMemory() {
        String line = "x".repeat(1 << 20) + "\r" + "y".repeat(1 << 19);
        assertThat(lines(new ConsoleForm(true, 4 << 20, new Redactor()), bytes(line + "\n"), new Random(1)))
                .containsExactly("y".repeat(1 << 19) + "x".repeat(1 << 19));
    }

    private static Redactor redactor(String secret) {
        return new Redactor(List.of(Secret.of(secret)));
    }

    private static List<String> lines(ConsoleForm form, byte[] bytes, Random random) {
        return feed(new LineAssembler(form), bytes, random).stream()
                .map(SpoolLine::text)
                .toList();
    }

    private static List<SpoolLine> feed(LineAssembler assembler, byte[] bytes, Random random) {
        List<SpoolLine> lines = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length > 1000 ? 60_000 : 9));
            byte[] chunk = Arrays.copyOfRange(bytes, at, at + count);
            assembler.feed(chunk, count, new SpoolPosition(0, at), lines::add);
            at += count;
        }
        assembler.rest(new SpoolPosition(0, at)).ifPresent(lines::add);
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
