// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AbortTest {

    private final Abort abort = new Abort(Duration.ofMinutes(1));

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

    @Test
    void aStepThatIgnoresItsInterruptionIsLeftBehindAndNamed() {
        Abort hasty = new Abort(Duration.ofMillis(50));
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                begun.await();
                hasty.request(AbortReason.SIGNAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> hasty.interrupting(() -> {
                    begun.countDown();
                    return stubborn(never);
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(hasty.trouble()).contains("did not stop within 0 s", "AbortTest.stubborn (AbortTest.java:");
        never.countDown();
    }

    @Test
    void whatAStepThrowsReachesItsCaller() {
        assertThatThrownBy(() -> abort.interrupting(() -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
    }

    private static String stubborn(CountDownLatch end) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                end.await();
                interrupted = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return "at last";
    }
}
