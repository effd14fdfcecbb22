// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCacheTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void entriesUnusedForLongerThanTheLimitAreEvictedAndForeignFoldersStay() throws Exception {
        use("old", 40, 10);
        use("young", 5, 10);
        Files.createDirectories(folder.resolve("of-another-program"));

        cache(MONTH, 0).evict();

        assertThat(folder.resolve("old")).doesNotExist();
        assertThat(folder.resolve("young")).exists();
        assertThat(folder.resolve("of-another-program")).exists();
    }

    @Test
    void leastRecentlyUsedEntriesAreEvictedUntilTheRestFitsExceptThoseOfToday() throws Exception {
        use("first", 9, 1000);
        use("second", 8, 1000);
        use("third", 7, 1000);
        use("today", 0, 5000);

        cache(Duration.ZERO, 6500).evict();

        assertThat(folder.resolve("first")).doesNotExist();
        assertThat(folder.resolve("second")).doesNotExist();
        assertThat(folder.resolve("third")).exists();
        assertThat(folder.resolve("today")).exists();
    }

    @Test
    void lockedEntryIsKept() throws Exception {
        use("old", 40, 10);
        now = now.minus(Duration.ofDays(40));

        try (SharedCache.Entry _ = open("old")) {
            now = now.plus(Duration.ofDays(40));
            cache(MONTH, 0).evict();
        }

        assertThat(folder.resolve("old")).exists();
    }

    @Test
    void evictionRunsOnceADay() throws Exception {
        cache(MONTH, 0).evict();
        use("old", 40, 10);

        now = now.plus(Duration.ofHours(23));
        cache(MONTH, 0).evict();
        assertThat(folder.resolve("old")).exists();
        now = now.plus(Duration.ofHours(2));
        cache(MONTH, 0).evict();
        assertThat(folder.resolve("old")).doesNotExist();
    }

    @Test
    void foreignFolderIsNoEntry() throws Exception {
        Path foreign = Files.createDirectories(folder.resolve("of-another-program"));

        cache(MONTH, 0).evict();

        assertThat(foreign).isEmptyDirectory();
    }

    @Test
    void heldEntryIsNotOpenedTwiceAndBelongsToItsOwner() throws Exception {
        try (SharedCache.Entry entry = open("one")) {
            assertThat(cache(MONTH, 0).open("one", Duration.ZERO, () -> {})).isEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry.folder())))
                    .isEqualTo("rwx------");
        }
        open("one").close();
    }

    private void use(String name, int daysAgo, int bytes) throws IOException, InterruptedException {
        Instant today = now;
        now = now.minus(Duration.ofDays(daysAgo));
        try (SharedCache.Entry entry = open(name)) {
            Files.write(entry.folder().resolve("pack"), new byte[bytes]);
        }
        now = today;
    }

    private SharedCache.Entry open(String name) throws IOException, InterruptedException {
        return cache(Duration.ZERO, 0).open(name, PATIENCE, () -> {}).orElseThrow();
    }

    private SharedCache cache(Duration longestUnused, long mostBytes) {
        return new SharedCache(folder, new SharedCache.Limits(longestUnused, mostBytes), () -> now);
    }
}
