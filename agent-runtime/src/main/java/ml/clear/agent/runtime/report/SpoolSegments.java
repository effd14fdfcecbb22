// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The segments of a spool: files {@code 00000000.log}, {@code 00000001.log}… that are written one after the other. */
final class SpoolSegments {

    /** A writer goes on to the next segment when the current one has at least this many bytes. */
    static final long SEGMENT_BYTES = 16L << 20;

    private static final String SUFFIX = ".log";

    private final Path folder;

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

    /** Delete all segments before this one: nobody needs them any more. */
    void deleteBefore(long segment) throws IOException {
        for (long number : numbers().headSet(segment)) {
            Files.deleteIfExists(path(number));
        }
    }
}
