// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The segments of a spool: files {@code 00000000.log}, {@code 00000001.log}… that are written one after the other and deleted
 * in that order. Thousands of them cost no more than a few: the folder is listed only where its first segment is not known.
 */
final class SpoolSegments {

    /** A writer starts the next segment when the current one has at least this many bytes. */
    static final long SEGMENT_BYTES = 16L << 20;

    private static final String SUFFIX = ".log";

    private static final long UNKNOWN = -1;

    private final Path folder;

    /** Used by the thread that deletes, and no other. */
    private long first = UNKNOWN;

    SpoolSegments(Path folder) {
        this.folder = folder;
    }

    Path path(long segment) {
        return folder.resolve(String.format("%08d", segment) + SUFFIX);
    }

    /** The numbers of the segments that exist. */
    NavigableSet<Long> numbers() throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
            }
        }
        return numbers;
    }

    /** The number of the segment that follows one, which may have been deleted meanwhile. */
    OptionalLong after(long segment) throws IOException {
        if (Files.exists(path(segment + 1))) {
            return OptionalLong.of(segment + 1);
        }
        if (Files.exists(path(segment))) {
            return OptionalLong.empty();
        }
        Long next = numbers().higher(segment);
        return next == null ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** Delete all segments before this one, which are no longer needed. For one thread. */
    void deleteBefore(long segment) throws IOException {
        if (first == UNKNOWN) {
            NavigableSet<Long> numbers = numbers();
            first = numbers.isEmpty() ? segment : numbers.first();
        }
        for (; first < segment; first++) {
            Files.deleteIfExists(path(first));
        }
    }
}
