// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledModulesTest {

    private static final String COMPILED = "sub/__pycache__/module.cpython-311.pyc";

    @TempDir
    Path temporary;

    private Path planted;
    private Path seed;

    @BeforeEach
    void linkOneModule() throws IOException {
        planted = temporary.resolve("planted");
        seed = temporary.resolve("seed");
        Files.createDirectories(planted.resolve("sub/__pycache__"));
        Files.createDirectories(seed.resolve("sub"));
        Files.writeString(seed.resolve("sub/module.py"), "ONE = 1\n");
        Files.createLink(planted.resolve("sub/module.py"), seed.resolve("sub/module.py"));
        Files.writeString(planted.resolve(COMPILED), "compiled");
    }

    @Test
    void modulesThatWereCompiledFromTheSameFileAreLinked() throws IOException {
        CompiledModules.link(planted, seed);

        assertThat(Files.isSameFile(seed.resolve(COMPILED), planted.resolve(COMPILED)))
                .isTrue();
    }

    @Test
    void modulesOfAnotherVersionAreNot() throws IOException {
        Files.delete(planted.resolve("sub/module.py"));
        Files.writeString(planted.resolve("sub/module.py"), "ONE = 2\n");

        CompiledModules.link(planted, seed);

        assertThat(seed.resolve(COMPILED)).doesNotExist();
    }

    @Test
    void filesThatAreBeingWrittenStay() throws IOException {
        Files.move(planted.resolve(COMPILED), planted.resolve(COMPILED + ".140288532544560"));

        CompiledModules.link(planted, seed);

        assertThat(seed.resolve("sub/__pycache__")).doesNotExist();
    }

    @Test
    void whatTheSeedHasAlreadyStays() throws IOException {
        Files.createDirectories(seed.resolve("sub/__pycache__"));
        Files.writeString(seed.resolve(COMPILED), "compiled before");

        CompiledModules.link(planted, seed);

        assertThat(seed.resolve(COMPILED)).hasContent("compiled before");
    }

    @Test
    void aSeedThatWasDeletedMeanwhileDoesNotReappear() {
        CompiledModules.link(planted, temporary.resolve("deleted"));

        assertThat(temporary.resolve("deleted")).doesNotExist();
    }
}
