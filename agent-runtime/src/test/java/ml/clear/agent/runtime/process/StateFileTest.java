// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    private final Path folder;

    StateFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void returnsWhatWasWritten() throws IOException {
        String text = " \\ =:#! \n\t é 🎉 ";
        StateFile.write(folder.resolve("x"), Map.of("a", text, "b", "", "c", "7"));
        StateFile read = StateFile.read(folder.resolve("x")).orElseThrow();
        assertThat(read.required("a")).isEqualTo(text);
        assertThat(read.required("b")).isEmpty();
        assertThat(read.requiredNumber("c")).isEqualTo(7);
        assertThat(read.number("d", 9)).isEqualTo(9);
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        StateFile.write(folder.resolve("x"), Map.of());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("x"))))
                .isEqualTo("rw-------");
    }

    @Test
    void missingFileIsEmptyAndDamagedOnesSayWhich() throws IOException {
        assertThat(StateFile.read(folder.resolve("none"))).isEmpty();
        Files.writeString(folder.resolve("x"), "a=\\u12");
        assertThatThrownBy(() -> StateFile.read(folder.resolve("x")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("/x'");
        Files.writeString(folder.resolve("y"), "a=b");
        StateFile file = StateFile.read(folder.resolve("y")).orElseThrow();
        assertThatThrownBy(() -> file.requiredNumber("a"))
                .hasMessageContaining("'b'")
                .hasMessageContaining("/y'");
        assertThatThrownBy(() -> file.required("z")).hasMessageContaining("'z'");
    }
}
