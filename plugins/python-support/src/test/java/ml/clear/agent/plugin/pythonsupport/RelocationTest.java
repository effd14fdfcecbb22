// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelocationTest {

    @TempDir
    Path folder;

    private VirtualEnvironment create(Path where) {
        Interpreter interpreter = new Interpreter(
                Path.of("/usr/bin/python3"),
                Version.of("3.11.2").orElseThrow(),
                "abi",
                "linux",
                Path.of("/usr/bin/python3"),
                List.of(),
                List.of(),
                "",
                "",
                Map.of());
        return VirtualEnvironment.create(interpreter, where, false);
    }

    @Test
    void commandsNameTheInterpreterOfTheCopyAndTheOriginalStays() throws Exception {
        VirtualEnvironment original = create(folder.resolve("original"));
        Path command = original.commands().resolve("tool");
        Files.writeString(command, "#!" + original.python() + "\nprint('x')\n");
        VirtualEnvironment copy = new VirtualEnvironment(folder.resolve("copy"));
        Files.createDirectories(copy.folder().resolve("lib/python3.11/site-packages"));
        Files.createDirectories(copy.commands());
        Files.copy(original.folder().resolve("pyvenv.cfg"), copy.folder().resolve("pyvenv.cfg"));
        Files.createLink(copy.commands().resolve("tool"), command);

        Relocation.of(copy);

        assertThat(copy.commands().resolve("tool")).content().startsWith("#!" + copy.python() + "\n");
        assertThat(command).content().startsWith("#!" + original.python() + "\n");
        assertThat(copy.commands().resolve("activate")).content().contains("VIRTUAL_ENV='" + copy.folder() + "'");
        assertThat(copy.folder().resolve("pyvenv.cfg"))
                .content()
                .contains(copy.folder().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/short/env", "/with blank/env", "/very/long/"})
    void firstLinesOfAllFormsAreReadBack(String place) {
        Path from = Path.of(place.endsWith("/") ? place + "x".repeat(200) : place);
        String script = CommandScript.head(from.resolve("bin/python3.11"), " -E") + "import sys\n";

        assertThat(CommandScript.moved(script, from, Path.of("/new")))
                .contains("#!/new/bin/python3.11 -E\nimport sys\n");
    }

    @Test
    void firstLinesThatUvWritesFollow() {
        String script = "#!/bin/sh\n'''exec' '/with blank/env/bin/python' \"$0\" \"$@\"\n' '''\nimport sys\n";

        assertThat(CommandScript.moved(script, Path.of("/with blank/env"), Path.of("/new")))
                .contains("#!/new/bin/python\nimport sys\n");
    }

    @Test
    void scriptsOfOtherInterpretersAreLeftAlone() {
        assertThat(CommandScript.moved("#!/usr/bin/env python3\n", Path.of("/env"), Path.of("/new")))
                .isEmpty();
        assertThat(CommandScript.moved("#!/environment/bin/python\n", Path.of("/env"), Path.of("/new")))
                .isEmpty();
    }

    @Test
    void pathsInPthFilesFollow() throws Exception {
        VirtualEnvironment environment = create(folder.resolve("first"));
        Path pth = environment.packages().resolve("own.pth");
        Files.writeString(pth, environment.folder() + "/src\n/elsewhere\nimport os\n");
        Path moved = folder.resolve("second");
        Files.move(environment.folder(), moved);

        Relocation.of(new VirtualEnvironment(moved));

        assertThat(moved.resolve("lib/python3.11/site-packages/own.pth"))
                .content()
                .isEqualTo(moved + "/src\n/elsewhere\nimport os\n");
    }
}
