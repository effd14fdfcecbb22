// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.embedded.store.Refusal;

/**
 * The limit of the total size of stored files, and the free disk space that the database needs. Safe for several
 * threads.
 */
final class FileQuota {

    private static final long RESERVE = 64L << 20;
    private static final long LOOK_EVERY = 16L << 20;

    private final Path folder;
    private final long most;
    private final AtomicLong used = new AtomicLong();

    /** @param most bytes of all files together, 0 for no limit */
    FileQuota(Path folder, long most) throws IOException {
        this.folder = folder;
        this.most = most;
        if (most > 0) {
            used.set(Folders.size(folder));
        }
    }

    /** Subtracts the size of deleted files. */
    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** An upload: written bytes count at once, and are subtracted when it is aborted. */
    final class Upload extends FilterOutputStream {

        private long written;
        private long looked;

        Upload(OutputStream file) throws IOException {
            super(file);
            requireDisk();
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            written += length;
            if (used.addAndGet(length) > most && most > 0) {
                throw full("the files may hold " + most + " bytes together, see agent.embedded_server.files_limit");
            }
            if (written - looked > LOOK_EVERY) {
                looked = written;
                requireDisk();
            }
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                if (isDiskFull(e)) {
                    throw full("the disk of the server is full");
                }
                throw e;
            }
        }

        /** Aborts the upload. */
        void forget() {
            release(written);
        }
    }

    private void requireDisk() throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() < RESERVE) {
            throw full("the disk of the server is full, less than " + (RESERVE >> 20) + " MiB are free");
        }
    }

    /** Whether a failure says that there is no room on the disk, or none for this user. */
    static boolean isDiskFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }

    private static Refusal full(String why) {
        return new Refusal(507, 0, "Insufficient storage: " + why);
    }

    /** For API calls; clients retry a call for ever when its code is above 500. */
    static Refusal databaseOnFullDisk() {
        return new Refusal(500, 102, "Database unavailable: the disk of the server is full");
    }
}
