// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingLogTest {

    @TempDir
    private Path folder;

    @Test
    void fullFilesAreRenamedAndTheOldestGoesAndNoLineIsCut() throws Exception {
        Path file = folder.resolve("log");
        try (RotatingLog log = new RotatingLog(file, 20, 2)) {
            for (int number = 0; number < 8; number++) {
                log.line("line " + number); // 7 bytes, so two a file
            }
        }
        assertThat(RotatingLog.files(file, 2)).containsExactly(folder.resolve("log.2"), folder.resolve("log.1"), file);
        assertThat(folder.resolve("log.2")).hasContent("line 2\nline 3\n");
        assertThat(folder.resolve("log.1")).hasContent("line 4\nline 5\n");
        assertThat(file).hasContent("line 6\nline 7\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLineLongerThanTheLimitHasAFileForItself() {
        Path file = folder.resolve("log");
        try (RotatingLog log = new RotatingLog(file, 5, 1)) {
            log.line("longer than that");
            log.line("next");
        }
        assertThat(folder.resolve("log.1")).hasContent("longer than that\n");
        assertThat(file).hasContent("next\n");
    }

    @Test
    void goesOnWithWhatIsThereAndCountsIt() throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "from before\n");
        try (RotatingLog log = new RotatingLog(file, 14, 1)) {
            log.line("new");
        }
        assertThat(folder.resolve("log.1")).hasContent("from before\n");
        assertThat(file).hasContent("new\n");
    }

    @Test
    void anInterruptionClosesNothing() {
        Path file = folder.resolve("log");
        try (RotatingLog log = new RotatingLog(file, 100, 1)) {
            Thread.currentThread().interrupt();
            log.line("said while interrupted");
            assertThat(Thread.interrupted()).isTrue();
            log.line("and after");
        }
        assertThat(file).hasContent("said while interrupted\nand after\n");
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        assertThatThrownBy(() -> new RotatingLog(folder.resolve("none/log"), 100, 1))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("none/log");
    }
}
