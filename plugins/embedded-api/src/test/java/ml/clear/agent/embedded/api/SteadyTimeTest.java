// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    @Test
    void itIncreasesWhenTheClockIsSetBack() {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        AtomicReference<Instant> wall = new AtomicReference<>(start);
        AtomicLong nanos = new AtomicLong(-5);
        SteadyTime time = new SteadyTime(wall::get, nanos::get);

        wall.set(start.plus(Duration.ofHours(1)));
        nanos.addAndGet(2_000_000_000L);
        assertThat(time.instant()).isEqualTo(start.plusSeconds(2));

        wall.set(start.minus(Duration.ofHours(1)));
        assertThat(time.instant()).isEqualTo(start.plusSeconds(2));
    }
}
