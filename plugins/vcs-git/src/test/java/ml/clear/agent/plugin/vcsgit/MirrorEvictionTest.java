// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorEvictionTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void mirrorsThatWereNotUsedForLongGoAndTheFoldersOfOthersStay() throws Exception {
        mirror("old", 40, 10);
        mirror("young", 5, 10);
        Files.createDirectories(folder.resolve("of-another-program"));

        evict(Duration.ofDays(30), 0, NOW);

        assertThat(folder.resolve("old")).doesNotExist();
        assertThat(folder.resolve("young")).exists();
        assertThat(folder.resolve("of-another-program")).exists();
    }

    @Test
    void theLeastRecentlyUsedGoUntilTheRestIsSmallEnoughButNoneOfToday() throws Exception {
        mirror("first", 9, 1000);
        mirror("second", 8, 1000);
        mirror("third", 7, 1000);
        mirror("today", 0, 5000);

        evict(Duration.ZERO, 6500, NOW);

        assertThat(folder.resolve("first")).doesNotExist();
        assertThat(folder.resolve("second")).doesNotExist();
        assertThat(folder.resolve("third")).exists();
        assertThat(folder.resolve("today")).exists();
    }

    @Test
    void aLockedMirrorStays() throws Exception {
        Path place = mirror("old", 40, 10);

        try (MirrorLock _ = MirrorLock.acquire(MirrorCache.lockOf(place), line -> {})) {
            evict(Duration.ofDays(30), 0, NOW);
        }

        assertThat(place).exists();
    }

    @Test
    void onceADayIsEnough() throws Exception {
        evict(Duration.ofDays(30), 0, NOW);
        mirror("old", 40, 10);

        evict(Duration.ofDays(30), 0, NOW.plus(Duration.ofHours(23)));
        assertThat(folder.resolve("old")).exists();
        evict(Duration.ofDays(30), 0, NOW.plus(Duration.ofHours(25)));
        assertThat(folder.resolve("old")).doesNotExist();
    }

    private Path mirror(String name, int daysUnused, int bytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        Files.write(place.resolve("pack"), new byte[bytes]);
        Path used = Files.createFile(place.resolve(MirrorCache.USED));
        Files.setLastModifiedTime(used, FileTime.from(NOW.minus(Duration.ofDays(daysUnused))));
        return place;
    }

    private void evict(Duration longestUnused, long mostBytes, Instant now) {
        new MirrorEviction(folder, longestUnused, mostBytes, () -> now).runOnceADay();
    }
}
