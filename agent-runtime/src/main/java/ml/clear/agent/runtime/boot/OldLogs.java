// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.runtime.worker.LocalWorker;

/** Removes the logs of daemons that have ended long ago: there is one more with each start. */
final class OldLogs {

    private static final int KEPT = 20;

    private OldLogs() {}

    /** Keep the newest, and those of daemons that live. Their names begin with the time. */
    static void remove(Path folder, List<LocalWorker> living) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("daemon-"))
                    .sorted(Comparator.comparing(Path::getFileName, Comparator.reverseOrder()))
                    .toList();
        }
        for (Path file : files.subList(Math.min(KEPT, files.size()), files.size())) {
            if (living.stream()
                    .noneMatch(worker -> !worker.log().isEmpty()
                            && file.toString().startsWith(Path.of(worker.log()).toString()))) {
                Files.deleteIfExists(file);
            }
        }
    }
}
