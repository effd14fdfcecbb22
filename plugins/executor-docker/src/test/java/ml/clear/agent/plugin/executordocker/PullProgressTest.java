// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PullProgressTest {

    private final List<String> lines = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final PullProgress progress = new PullProgress("a:1", lines::add, () -> now);

    @Test
    void eachLayerHasALineWhenItIsComplete() {
        event("one", "Pulling fs layer", 0, 0);
        event("two", "Pulling fs layer", 0, 0);
        event("zero", "Already exists", 0, 0);
        event("one", "Downloading", 5_000_000, 12_340_000);
        event("one", "Download complete", 0, 0);
        event("one", "Pull complete", 0, 0);
        event("two", "Pull complete", 0, 0);
        now = Instant.ofEpochMilli(2_340);
        progress.end();

        assertThat(lines)
                .containsExactly(
                        "pulling image 'a:1'",
                        "layer zero is there (1 of 3)",
                        "layer one pulled, 12.3 MB (2 of 3)",
                        "layer two pulled (3 of 3)",
                        "pulled image 'a:1' in 2.3 s");
    }

    @Test
    void aLongDownloadIsReportedEveryTenSeconds() {
        for (int second = 0; second < 25; second++) {
            now = Instant.ofEpochSecond(second);
            event("one", "Downloading", second * 1_000_000L, 30_000_000);
        }

        assertThat(lines)
                .containsExactly(
                        "pulling image 'a:1'",
                        "pulling image 'a:1': 10.0 MB of 30.0 MB",
                        "pulling image 'a:1': 20.0 MB of 30.0 MB");
    }

    private void event(String layer, String status, long current, long total) {
        progress.event(JsonMapper.shared().readTree("""
                    {"id": "%s", "status": "%s", "progressDetail": {"current": %d, "total": %d}}
                    """.formatted(layer, status, current, total)));
    }
}
