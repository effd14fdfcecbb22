// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AbortTest {

    private final Abort abort = new Abort();

    @Test
    void theFirstReasonStays() {
        abort.request(AbortReason.SIGNAL);
        abort.request(AbortReason.RESET);

        assertThat(abort.reason()).contains(AbortReason.SIGNAL);
    }

    @Test
    void aStepThatTakesLongIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                begun.await();
                abort.request(AbortReason.STOP_REQUESTED);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> abort.interrupting(() -> {
                    begun.countDown();
                    Thread.sleep(Duration.ofMinutes(1));
                    return "never";
                }))
                .isInstanceOf(InterruptedException.class);

        other.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aStepIsNotBegunAfterAnAbort() {
        abort.request(AbortReason.DELETED);

        assertThatThrownBy(() -> abort.interrupting(() -> "never")).isInstanceOf(InterruptedException.class);
    }
}
