// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LineAssemblerTest {

    private static final ConsoleForm PLAIN = ConsoleForm.of(true, UnaryOperator.identity());

    @Test
    void linesAreTheSameHoweverTheChunksAreCut() {
        String text = "first\n\nz\u00fcrich \u20ac \ud83c\udf89\n10%\r100%\nthe canary-secret here\r\nlast";
        ConsoleForm form = ConsoleForm.of(true, line -> line.replace("canary-secret", "****"));
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
                        new SpoolLine("a", new SpoolPosition(3, 12)), new SpoolLine("bc", new SpoolPosition(3, 15)));
        assertThat(assembler.rest(new SpoolPosition(3, 16))).contains(new SpoolLine("d", new SpoolPosition(3, 16)));
        assertThat(assembler.rest(new SpoolPosition(3, 16))).isEmpty();
    }

    @Test
    void invalidBytesAreReplacedAndDoNotSpread() {
        byte[] bytes = {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3, '\n', 'c', '\n'};
        assertThat(lines(PLAIN, bytes, new Random(1))).containsExactly("a\ufffdb", "\ufffd", "c");
    }

    @Test
    void carriageReturnsBecomeLineEndsWhenTheyAreNotSuppressed() {
        ConsoleForm form = ConsoleForm.of(false, UnaryOperator.identity());
        assertThat(lines(form, bytes("1%\r2%\r3%\nx\r\n"), new Random(1))).containsExactly("1%\n2%\n3%", "x");
    }

    @Test
    void longLineIsCutWithAMarkerAndNoSecretAtTheCut() {
        String secret = "SECRET-SECRET-SECRET";
        ConsoleForm form = new ConsoleForm(true, 100, line -> line.replace(secret, "****"));
        String line = "x".repeat(90) + secret + "y".repeat(200_000);
        List<String> lines = lines(form, bytes(line + "\nnext\n"), new Random(1));
        assertThat(lines).hasSize(2).last().isEqualTo("next");
        assertThat(lines.getFirst())
                .isEqualTo("x".repeat(90) + "****" + "y".repeat(6) + " [cut here: the line has " + line.length()
                        + " bytes]");
    }

    @Test
    void longLineIsNotCutInsideACharacter() {
        ConsoleForm form = new ConsoleForm(true, 10, UnaryOperator.identity());
        assertThat(lines(form, bytes("\ud83c\udf89".repeat(20) + "\n"), new Random(1)))
                .containsExactly("\ud83c\udf89".repeat(5) + " [cut here: the line has 80 bytes]");
    }

    @Test
    void progressIsTheStateAtTheLastCarriageReturn() {
        LineAssembler assembler = new LineAssembler(PLAIN);
        byte[] bytes = bytes("10%\r20%\r3");
        assembler.feed(bytes, bytes.length, SpoolPosition.START, line -> {});
        assertThat(assembler.progress(new SpoolPosition(0, 9))).contains(new SpoolLine("20%", new SpoolPosition(0, 8)));
        assertThat(assembler.progress(new SpoolPosition(0, 9))).isEmpty();
        assembler.feed(
                bytes("0%\n"),
                3,
                new SpoolPosition(0, 9),
                line -> assertThat(line.text()).isEqualTo("30%"));
    }

    private static List<String> lines(ConsoleForm form, byte[] bytes, Random random) {
        LineAssembler assembler = new LineAssembler(form);
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length > 1000 ? 100_000 : 9));
            byte[] chunk = Arrays.copyOfRange(bytes, at, at + count);
            assembler.feed(chunk, count, new SpoolPosition(0, at), line -> lines.add(line.text()));
            at += count;
        }
        assembler.rest(new SpoolPosition(0, at)).ifPresent(line -> lines.add(line.text()));
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
