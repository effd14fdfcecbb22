// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PullBarsTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;
    private final PullBars bars = new PullBars("a:1", new PrintStream(screen, true, StandardCharsets.UTF_8), () -> now);

    @Test
    void eachLayerThatIsComingHasABarInItsOwnLine() {
        event("one", "Pulling fs layer", 0, 0);
        event("two", "Pulling fs layer", 0, 0);
        screen.reset();
        now = Instant.ofEpochSecond(1);

        event("one", "Downloading", 5_000_000, 10_000_000);

        assertThat(shown()).isEqualTo("""
                        pulling image 'a:1': 0 of 2 layers
                          one [===============               ] 5.0 MB of 10.0 MB
                          two [                              ] waiting
                        """);
    }

    @Test
    void theBarsAreTakenAwayInTheEnd() {
        event("one", "Downloading", 5_000_000, 10_000_000);
        screen.reset();
        now = Instant.ofEpochSecond(3);

        bars.end();

        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\u001b[A\u001b[A\r\u001b[Jpulled image 'a:1' in 3.0 s" + System.lineSeparator());
    }

    @Test
    void theyAreNotWrittenAnewForEachEvent() {
        event("one", "Downloading", 1, 10_000_000);
        screen.reset();

        event("one", "Downloading", 2, 10_000_000);

        assertThat(screen.size()).isZero();
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[AJK]|\r", "");
    }

    private void event(String layer, String status, long current, long total) {
        bars.event(JsonMapper.shared().readTree("""
                    {"id": "%s", "status": "%s", "progressDetail": {"current": %d, "total": %d}}
                    """.formatted(layer, status, current, total)));
    }
}
