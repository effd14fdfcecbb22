// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimestampsTest {

    @Test
    void fractionHasSixDigitsOrIsAbsent() {
        assertThat(Timestamps.text(Instant.ofEpochMilli(0))).isEqualTo("1970-01-01T00:00:00+00:00");
        assertThat(Timestamps.text(Instant.ofEpochSecond(0, 45_816_123))).isEqualTo("1970-01-01T00:00:00.045000+00:00");
        assertThat(Timestamps.zulu(1)).isEqualTo("1970-01-01T00:00:00.001Z");
    }

    @Test
    void formsThatClientsSendAreRead() {
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(Timestamps.parse("2026-11-22T12:00:00+00:00")).contains(noon);
        assertThat(Timestamps.parse("2026-11-22 12:00:00")).contains(noon);
        assertThat(Timestamps.parse("2026-11-22T12:00:00Z")).contains(noon);
        assertThat(Timestamps.parse("2026-11-22T14:00:00.000+02:00")).contains(noon);
        assertThat(Timestamps.parse("2026-11-22")).contains(Instant.parse("2026-11-22T00:00:00Z"));
        assertThat(Timestamps.parse("yesterday")).isEmpty();
    }
}
