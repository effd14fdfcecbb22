// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Console;

/**
 * A log that takes no more than its share of the disk: a full file is renamed, {@code .1} after its name, the ones before it
 * to {@code .2} and so on, and the oldest goes. No line is cut. What a full disk does not take is not there. Readable by its
 * owner alone; safe for several threads.
 */
public final class RotatingLog implements Console, AutoCloseable {

    private final Path file;
    private final long limit;
    private final int kept;
    private FileOutputStream stream; // a channel would be closed by an interruption
    private long size;

    /**
     * Continue a log, or start a new one.
     *
     * @param limit when a file is full, in bytes
     * @param kept how many full ones there are at most
     * @throws AgentException {@code FILE_SYSTEM} when it cannot be written
     */
    public RotatingLog(Path file, long limit, int kept) {
        this.file = file;
        this.limit = limit;
        this.kept = kept;
        try {
            this.stream = open();
            this.size = Files.size(file);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write to the log '" + file + "': " + e, e);
        }
    }

    /** The files of a log that exist, the oldest first. */
    public static List<Path> files(Path log, int kept) {
        List<Path> files = new ArrayList<>();
        for (int number = kept; number > 0; number--) {
            files.add(numbered(log, number));
        }
        files.add(log);
        files.removeIf(Files::notExists);
        return files;
    }

    @Override
    public synchronized void line(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size > 0 && size + bytes.length > limit) {
                rotate();
            }
            stream.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            // The disk is full, or the folder was deleted; a lost log line must not fail the caller.
        }
    }

    @Override
    public synchronized void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // All of it was written at once, so nothing is lost.
        }
    }

    private void rotate() throws IOException {
        for (int number = kept; number > 1; number--) {
            if (Files.exists(numbered(file, number - 1))) {
                Files.move(numbered(file, number - 1), numbered(file, number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, numbered(file, 1), StandardCopyOption.REPLACE_EXISTING);
        FileOutputStream full = stream;
        stream = open();
        size = 0;
        full.close();
    }

    private FileOutputStream open() throws IOException {
        OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();
        return new FileOutputStream(file.toFile(), true);
    }

    private static Path numbered(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }
}
