// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.runtime.config.SourceTexts;

/**
 * The file from which the execute processes of a daemon read their configuration while the usual files differ from what the
 * daemon works with. It holds secrets and exists only as long as they differ.
 */
final class ConfigurationInForce {

    /** Names the file to execute processes. */
    static final String VARIABLE = "CLEARML_AGENT_CONFIGURATION_IN_FORCE";

    private final Path file;

    ConfigurationInForce(Path file) {
        this.file = file;
    }

    /** The one of a process; empty while it works with what is in the usual files. */
    static Optional<Path> file(Path stateFolder, long pid) {
        return Optional.of(path(stateFolder, pid)).filter(Files::isRegularFile);
    }

    /** Where a process keeps it. */
    static Path path(Path stateFolder, long pid) {
        return stateFolder.resolve("configurations").resolve(pid + ".texts");
    }

    /** What the daemon that started this process works with; empty when that is in the usual files. */
    static Optional<SourceTexts> inherited(Map<String, String> environment) {
        String file = environment.getOrDefault(VARIABLE, "");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SourceTexts.of(Files.readAllBytes(Path.of(file))));
        } catch (IOException e) {
            return Optional.empty(); // the usual case: there is no such file
        }
    }

    Map<String, String> variables() {
        return Map.of(VARIABLE, file.toString());
    }

    void keep(SourceTexts texts) throws IOException {
        OwnerOnly.createFolders(file.resolveSibling(""));
        OwnerOnly.replace(file, texts.bytes());
    }

    void drop() throws IOException {
        Files.deleteIfExists(file);
    }
}
