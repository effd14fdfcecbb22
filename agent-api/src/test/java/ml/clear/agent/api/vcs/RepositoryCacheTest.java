// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.file.SharedCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryCacheTest {

    private static final RepositoryAddress MODEL = RepositoryAddress.parse("https://host/team/model.git");
    private static final RepositoryAddress DATA = RepositoryAddress.parse("https://host/team/data.git");

    @TempDir
    private Path folder;

    private final Map<Setting<?>, Object> values = new HashMap<>();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void systemsAndAddressesHaveFoldersOfTheirOwn() {
        assertThat(cache("git").place(MODEL))
                .isEqualTo(cache("git").place(MODEL))
                .isNotEqualTo(cache("git").place(DATA))
                .isNotEqualTo(cache("hg").place(MODEL))
                .hasParentRaw(folder);
    }

    @Test
    void limitsOfTheSettingsApply() throws Exception {
        fill(MODEL);
        now = now.plus(Duration.ofDays(2));
        fill(DATA);
        now = now.plus(Duration.ofDays(2));

        values.put(VcsSettings.CACHE_MOST_BYTES, 1500L);
        cache("hg").evict();
        assertThat(cache("git").place(MODEL)).doesNotExist();
        assertThat(cache("git").place(DATA)).exists();

        now = now.plus(Duration.ofDays(2));
        values.put(VcsSettings.CACHE_LONGEST_UNUSED, Duration.ofDays(3));
        cache("git").evict();
        assertThat(cache("git").place(DATA)).doesNotExist();
    }

    private void fill(RepositoryAddress address) throws Exception {
        try (SharedCache.Entry entry = cache("git").open(address, line -> {})) {
            Files.write(entry.folder().resolve("pack"), new byte[1000]);
        }
    }

    private RepositoryCache cache(String system) {
        values.put(VcsSettings.CACHE_PATH, folder);
        return new RepositoryCache(system, new Values(values), () -> now);
    }

    private record Values(Map<Setting<?>, Object> values) implements Settings {

        @Override
        @SuppressWarnings("unchecked") // each value is of the type of its setting
        public <T> T get(Setting<T> setting) {
            return (T) values.getOrDefault(setting, setting.defaultValue());
        }

        @Override
        public boolean isSet(Setting<?> setting) {
            return values.containsKey(setting);
        }
    }
}
