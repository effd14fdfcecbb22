// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsTest {

    @Test
    void aBackgroundServerUsesTheConfiguredFolderAndEndsAfterTheConfiguredTime(@TempDir Path folder) {
        Path data = folder.resolve("mine");
        TestContext context = TestContext.in(folder)
                .with(ServerSettings.DATA, Optional.of(data))
                .with(ServerSettings.IDLE_MINUTES, 7L);

        ServerSettings settings = ServerSettings.of(context);

        assertThat(settings.data()).isEqualTo(data);
        assertThat(settings.idle()).isEqualTo(Duration.ofMinutes(7));
        assertThat(ServerSettings.of(TestContext.in(folder)).data()).isEqualTo(folder.resolve("data"));
    }
}
