// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Prepares a folder once for all test processes that run at the same time, and again only when its sources change. */
final class PreparedOnce {

    /** Fills a folder that does not exist yet. */
    @FunctionalInterface
    interface Preparation {
        void run() throws IOException;
    }

    private PreparedOnce() {}

    /**
     * Prepares a folder unless it was prepared for the same identity before; waits while another process does so.
     *
     * @param identity changes when the folder has to be prepared again
     */
    static void in(Path folder, String identity, Preparation preparation) {
        Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
        Path marker = folder.resolveSibling(folder.getFileName() + ".prepared");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            if (Files.exists(marker) && Files.readString(marker).equals(identity)) {
                return;
            }
            Files.deleteIfExists(marker);
            Shell.Finished removed = Shell.in(Path.of("/")).run("rm", "-rf", folder.toString());
            assertThat(removed.status()).as(removed.err()).isZero();
            preparation.run();
            Files.writeString(marker, identity);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare '" + folder + "'", e);
        }
    }
}
