// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.file.FileLocks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheInspectionTest {

    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);

    @TempDir
    Path temporary;

    private EnvironmentSettings settings;
    private EnvironmentCache cache;
    private CacheInspection inspection;

    @BeforeEach
    void open() {
        settings = new EnvironmentSettings(temporary, temporary.resolve("cache"), 10, 0, List.of(), true, false);
        cache = new EnvironmentCache(
                settings, new TreeCopy(1, true), () -> Instant.ofEpochMilli(now.addAndGet(60_000)));
        inspection = new CacheInspection(settings, () -> Instant.ofEpochMilli(now.get()));
    }

    private EnvironmentKey keep(String requirement) throws Exception {
        Path environment = Files.createDirectories(temporary.resolve("built " + requirement));
        Files.writeString(environment.resolve("module.py"), requirement);
        TreeMap<String, String> identity = new TreeMap<>(Map.of("manager", "pip", "requirements", requirement));
        EnvironmentKey key = EnvironmentKey.of(identity);
        cache.publish(key, identity, environment);
        return key;
    }

    @Test
    void copiesAreListedWithTheOneUsedLastFirst() throws Exception {
        EnvironmentKey first = keep("alpha");
        EnvironmentKey second = keep("beta");
        cache.restore(first, temporary.resolve("task"));

        List<CachedEnvironment> all = inspection.list();

        assertThat(all).extracting(CachedEnvironment::key).containsExactly(first.value(), second.value());
        assertThat(all.getFirst().identity()).containsEntry("requirements", "alpha");
        assertThat(all.getFirst().files()).isEqualTo(1);
        assertThat(all.getFirst().bytes()).isEqualTo(5);
        assertThat(inspection.find(second.value().substring(0, 12)).key()).isEqualTo(second.value());
    }

    @Test
    void copiesWithOtherFilesThanThoseWrittenDownAreDamaged() throws Exception {
        EnvironmentKey whole = keep("alpha");
        EnvironmentKey changed = keep("beta");
        EnvironmentKey withoutManifest = keep("gamma");
        Files.writeString(cache.copy(changed).resolve("module.py"), "changed in place");
        Files.delete(temporary
                .resolve("cache/v1/entries")
                .resolve(withoutManifest.value())
                .resolve("manifest"));

        assertThat(inspection.damaged())
                .containsExactlyInAnyOrder(changed.value(), withoutManifest.value())
                .doesNotContain(whole.value());
        assertThat(inspection.list()).filteredOn(one -> !one.usable()).hasSize(1);
    }

    @Test
    void aCopyInUseIsNotRemoved() throws Exception {
        EnvironmentKey used = keep("alpha");
        EnvironmentKey other = keep("beta");

        try (FileLocks.Held _ = cache.locks().attempt(used.value()).orElseThrow()) {
            assertThat(inspection.remove(used.value())).isFalse();
            assertThat(inspection.remove(other.value())).isTrue();
        }

        assertThat(inspection.list()).extracting(CachedEnvironment::key).containsExactly(used.value());
    }

    @Test
    void aKeyThatFitsNoneOrSeveralIsReported() throws Exception {
        keep("alpha");
        keep("beta");

        assertThat(catchThrowable(() -> inspection.find("zz"))).hasMessageContaining("no environment in '");
        assertThat(catchThrowable(() -> inspection.find(""))).hasMessageContaining("more than one environment in '");
    }

    @Test
    void aCacheThatIsSwitchedOffIsReported() {
        EnvironmentSettings off = new EnvironmentSettings(temporary, Path.of(""), 10, 0, List.of(), true, false);

        assertThat(catchThrowable(() -> new CacheInspection(off, Instant::now)))
                .isInstanceOf(AgentException.class)
                .hasMessage("agent.venvs_cache.path is empty, so that no environments are kept");
    }
}
