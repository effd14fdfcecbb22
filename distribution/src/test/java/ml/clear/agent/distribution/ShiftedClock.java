// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A time of day that processes believe in (libfaketime), which a test moves while they run; other clocks go on. */
record ShiftedClock(Path library, Path file) {

    /** One that is right. */
    static ShiftedClock in(Path folder, String name) {
        Path library = find();
        ShiftedClock clock = new ShiftedClock(library, folder.resolve(name + ".time"));
        clock.shift(Duration.ZERO);
        return clock;
    }

    private static Path find() {
        List<Path> found = new ArrayList<>();
        for (Path folder : List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib"))) {
            try (DirectoryStream<Path> hosts = Files.newDirectoryStream(folder)) {
                for (Path host : hosts) {
                    Path candidate = host.resolve("faketime/libfaketimeMT.so.1");
                    if (Files.exists(candidate)) {
                        found.add(candidate);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (Boolean.getBoolean("require.real")) {
            assertThat(found).as("libfaketime").isNotEmpty();
        }
        assumeTrue(!found.isEmpty(), "libfaketime is not installed");
        return found.getFirst();
    }

    /** What a process needs in its environment. */
    Map<String, String> variables() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0", // else waits with a limit return at once
                "NO_FAKE_STAT", "1");
    }

    /** The same home, for commands that go by this clock. */
    AgentHome of(AgentHome home) {
        AgentHome shifted = home;
        for (Map.Entry<String, String> variable : variables().entrySet()) {
            shifted = shifted.with(variable.getKey(), variable.getValue());
        }
        return shifted;
    }

    /** From now on it is so much ahead, or behind. */
    void shift(Duration by) {
        try {
            Path beside = Files.writeString(
                    file.resolveSibling(file.getFileName() + ".new"), String.format("%+d%n", by.toSeconds()));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
