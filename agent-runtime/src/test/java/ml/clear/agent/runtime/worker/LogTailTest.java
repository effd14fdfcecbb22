// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.runtime.process.RotatingLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    private Path folder;

    private final List<String> shown = new CopyOnWriteArrayList<>();

    @Test
    void everyLineIsShownAlsoTheLastWithoutAnEndAndAfterTheFileWasRemoved() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "one\ntw");

        try (LogTail tail = LogTail.follow(log, LogTail.From.BEGINNING, shown::add)) {
            Files.writeString(log, "o\nthrée", StandardOpenOption.APPEND);
            Files.delete(log);
        }

        assertThat(String.join("\n", shown)).isEqualTo("one\ntwo\nthrée");
    }

    @Test
    void aLogThatIsRotatedIsShownWhole() throws Exception {
        Path file = folder.resolve("log");
        StringBuilder expected = new StringBuilder();
        try (RotatingLog log = new RotatingLog(file, 1000, 9)) {
            try (LogTail tail = LogTail.follow(file, LogTail.From.BEGINNING, shown::add)) {
                for (int number = 0; number < 600; number++) {
                    log.line("line " + number);
                    expected.append("line ").append(number).append('\n');
                }
            }
        }
        assertThat(String.join("\n", shown) + "\n").hasToString(expected.toString());
    }

    @Test
    void aLineLongerThanTheBufferIsShownInPieces() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "x".repeat(200_000) + "\nshort\n");

        try (LogTail tail = LogTail.follow(log, LogTail.From.BEGINNING, shown::add)) {
            Files.writeString(log, "end\n", StandardOpenOption.APPEND);
        }

        assertThat(shown).hasSizeGreaterThan(3);
        assertThat(String.join("", shown).replace("\n", "")).isEqualTo("x".repeat(200_000) + "shortend");
    }

    @Test
    void whatWasThereBeforeIsNotShownAgain() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "old\n");

        try (LogTail tail = LogTail.follow(log, LogTail.From.END, shown::add)) {
            Files.writeString(log, "new\n", StandardOpenOption.APPEND);
        }

        assertThat(shown).containsExactly("new");
    }

    @Test
    void aLogThatDoesNotExistShowsNothing() throws Exception {
        try (LogTail tail = LogTail.follow(folder.resolve("none"), LogTail.From.BEGINNING, shown::add)) {
            assertThat(shown).isEmpty();
        }
    }
}
