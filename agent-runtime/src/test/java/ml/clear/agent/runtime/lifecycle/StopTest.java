// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StopTest {

    private final Stop stop = new Stop();

    @Test
    void isAskedForOnceAndStays() throws Exception {
        assertThat(stop.await(Duration.ZERO)).isFalse();

        stop.request();
        stop.request();

        assertThat(stop.isRequested()).isTrue();
        assertThat(stop.await(Duration.ofHours(1))).isTrue();
    }

    @Test
    void interruptsWhatMayBeInterruptedAndNothingAfterIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Thread requesting = Thread.ofPlatform().start(stop::request);

        assertThatThrownBy(() -> stop.interrupting(() -> {
                    never.await();
                    return 0;
                }))
                .isInstanceOf(InterruptedException.class);
        requesting.join();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThatThrownBy(() -> stop.interrupting(() -> 1)).isInstanceOf(InterruptedException.class);
    }
}
