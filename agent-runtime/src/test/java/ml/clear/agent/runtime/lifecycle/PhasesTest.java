// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.process.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhasesTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final Phases phases = new Phases(lines::add, clock::get);

    @Test
    void aPhaseEndsWithItsTimeAndItsSummary() throws Exception {
        String result = phases.run("environment", summary -> {
            summary.accept("29 packages, cached");
            clock.addAndGet(Duration.ofMillis(1250).toNanos());
            return "ready";
        });

        assertThat(result).isEqualTo("ready");
        assertThat(lines).containsExactly("environment   1.25 s   29 packages, cached");
    }

    @Test
    void aPhaseThatRunsIsShownAsProgress() throws Exception {
        List<String> states = new ArrayList<>();
        Console terminal = new Console() {
            @Override
            public void line(String text) {
                states.add(text);
            }

            @Override
            public void progress(String text) {
                states.add("(" + text + ")");
            }
        };

        new Phases(terminal, clock::get).run("code", () -> "");

        assertThat(states).containsExactly("(code)", "()", "code          0.00 s");
    }

    @Test
    void aFailedPhaseSaysSo() {
        assertThatThrownBy(() -> phases.run("checkout", () -> {
                    throw new IllegalStateException("no network");
                }))
                .hasMessage("no network");
        assertThat(lines).containsExactly("checkout      failed after 0.00 s");
    }

    @ParameterizedTest
    @CsvSource({"40, 0.04 s", "9990, 9.99 s", "12340, 12.3 s", "200000, 3 min 20 s"})
    void durationsReadWell(long millis, String text) {
        assertThat(Phases.seconds(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
