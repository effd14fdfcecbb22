// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureBackoffTest {

    @Test
    void eachFailureDoublesTheWaitUpToTheLimitAndASuccessStartsAnew() {
        FailureBackoff pace = new FailureBackoff(Duration.ofSeconds(5), Duration.ofSeconds(30));

        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(5));
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(10));
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(20));
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(30));
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(30));
        pace.reset();
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aLimitBelowTheFirstWaitIsNone() {
        FailureBackoff pace = new FailureBackoff(Duration.ofMinutes(2), Duration.ofSeconds(30));

        assertThat(pace.afterFailure()).isEqualTo(Duration.ofMinutes(2));
        assertThat(pace.afterFailure()).isEqualTo(Duration.ofMinutes(2));
    }
}
