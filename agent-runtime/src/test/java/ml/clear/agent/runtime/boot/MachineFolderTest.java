// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFolderTest {

    @TempDir
    private Path state;

    @Test
    void theFirstMachineHasItsStateWhereItAlwaysWas() {
        assertThat(MachineFolder.of(state, "one")).isEqualTo(new MachineFolder(state, ""));
        assertThat(MachineFolder.of(state, "one")).isEqualTo(new MachineFolder(state, ""));
    }

    @Test
    void anotherMachineWithTheSameHomeHasFoldersOfItsOwn() throws IOException {
        MachineFolder.of(state, "one");
        isOfBoot("another");

        assertThat(MachineFolder.of(state, "two/x"))
                .isEqualTo(new MachineFolder(state.resolve("machines/two_x"), "on-two_x"));
    }

    @Test
    void aMachineIsTheSameAfterARestartAndUnderAnotherName() throws IOException {
        MachineFolder.of(state, "one");
        assertThat(MachineFolder.of(state, "renamed").folder()).isEqualTo(state);

        isOfBoot("an earlier one");

        assertThat(MachineFolder.of(state, "one").folder()).isEqualTo(state);
        assertThat(Files.readString(state.resolve("machine.properties"))).doesNotContain("an earlier one");
    }

    private void isOfBoot(String boot) throws IOException {
        Path file = state.resolve("machine.properties");
        Files.writeString(file, Files.readString(file).replaceAll("boot=.*", "boot=" + boot));
    }
}
