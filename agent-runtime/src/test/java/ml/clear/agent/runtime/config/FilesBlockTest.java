// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesBlockTest {

    @TempDir
    private Path home;

    @Test
    void filesAreWrittenWithTheContentAndTheModeThatTheBlockNames() throws Exception {
        List<String> lines = write("""
                environment { SITE: north }
                files {
                    index { path: "~/$SITE/pip.conf", contents: "[global]\\nretries = 3\\n" }
                    key { path: "$PLACE/key", contents: "aGVsbG8=", format: base64, mode: 640 }
                    rules { path: "~/rules.json", contents { a: [1, two], b: true }, target_format: json }
                    python { path: "~/python", contents { a: True }, mode: "0o644" }
                }
                """);

        assertThat(home.resolve("north/pip.conf")).hasContent("[global]\nretries = 3\n");
        assertThat(modeOf("north/pip.conf")).isEqualTo("rw-------");
        assertThat(home.resolve("place/key")).hasContent("hello");
        assertThat(modeOf("place/key")).isEqualTo("rw-r-----");
        assertThat(Files.readString(home.resolve("rules.json")).replaceAll("\\s", ""))
                .isEqualTo("{\"a\":[1,\"two\"],\"b\":true}");
        assertThat(home.resolve("python")).hasContent("{'a': True}");
        assertThat(modeOf("python")).isEqualTo("rw-r--r--");
        assertThat(lines).contains("Saved [key]: " + home.resolve("place/key"));
    }

    @Test
    void anEntryThatCannotBeWrittenIsReportedWithoutItsContentAndTheOthersAreWritten() throws Exception {
        Files.createDirectories(home.resolve("folder"));
        Files.writeString(home.resolve("there"), "first");

        List<String> lines = write("""
                files {
                    a { path: "~/folder", contents: hidden }
                    b { path: "~/there", contents: hidden, overwrite: false }
                    c { contents: hidden }
                    d { path: "~/mode", contents: hidden, mode: rw }
                    e: hidden
                    f { path: "~/good", contents: x }
                }
                """);

        assertThat(lines)
                .containsExactly(
                        "Skipped [a]: '" + home + "/folder' is a folder",
                        "Skipped [b]: '" + home + "/there' exists",
                        "Skipped [c]: it has no 'path'",
                        "Skipped [d]: mode is 'rw'; write octal digits such as 0644",
                        "Skipped [e]: it is no block; write files.e { … }",
                        "Saved [f]: " + home + "/good");
        assertThat(home.resolve("there")).hasContent("first");
    }

    @Test
    void aFileThatExistsKeepsItsModeAndALinkToItStays() throws Exception {
        Path real = Files.writeString(home.resolve("real"), "old");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw----"));
        Files.createSymbolicLink(home.resolve("link"), real);

        write("files.a { path: \"~/link\", contents: new }");

        assertThat(home.resolve("link")).isSymbolicLink();
        assertThat(real).hasContent("new");
        assertThat(modeOf("real")).isEqualTo("rw-rw----");
    }

    @Test
    void theSwitchTurnsTheBlockOff() {
        assertThat(write("agent.apply_files: false\nfiles.a { path: \"~/a\", contents: x }"))
                .isEmpty();
        assertThat(home.resolve("a")).doesNotExist();
    }

    private String modeOf(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name)));
    }

    private List<String> write(String text) {
        Map<String, String> variables =
                Map.of("HOME", home.toString(), "PLACE", home.resolve("place").toString());
        return new FilesBlock(Configurations.check(
                                home, variables, text, TaskSettings.APPLY_FILES, TaskSettings.APPLY_ENVIRONMENT)
                        .orThrow())
                .write();
    }
}
