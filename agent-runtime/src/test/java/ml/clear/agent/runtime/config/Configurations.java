// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;

/** Configurations for tests, from files in a home folder of their own. */
final class Configurations {

    private Configurations() {}

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CheckedConfiguration check(Path home, Map<String, String> environment, String text, Setting<?>... settings) {
        write(home.resolve("clearml.conf"), text);
        return new ConfigurationLoader(environment, home)
                .load()
                .check(List.of(new Declarations("agent", List.of(settings))), List.of());
    }

    static List<String> lines(List<Problem> problems, Path home) {
        return problems.stream()
                .map(problem -> problem.toString().replace(home + "/", ""))
                .toList();
    }
}
