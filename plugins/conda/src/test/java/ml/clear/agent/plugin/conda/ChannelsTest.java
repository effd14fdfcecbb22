// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelsTest {

    @Test
    void listedChannelsPrecedeTheConfiguredOnesAndThoseOfPackages() {
        List<String> channels = Channels.of(
                List.of("lab", "conda-forge"),
                List.of("conda-forge", "defaults"),
                List.of(CondaSpec.parse("bioconda::samtools").orElseThrow()),
                new ArrayList<>());

        assertThat(channels).containsExactly("lab", "conda-forge", "defaults", "bioconda");
    }

    @Test
    void thePartForAnotherSystemIsCutOffAndFoldersOfWindowsAreLeftOut() {
        List<String> notes = new ArrayList<>();

        List<String> channels = Channels.of(
                List.of(
                        "conda-forge/osx-64",
                        "https://channel.invalid/lab/win-64/",
                        "file:///C:/channel",
                        "D:\\channel"),
                List.of(),
                List.of(),
                notes);

        assertThat(channels).containsExactly("conda-forge", "https://channel.invalid/lab");
        assertThat(notes)
                .containsExactly(
                        "Channel 'file:///C:/channel' is a folder of Windows and is left out",
                        "Channel 'D:\\channel' is a folder of Windows and is left out");
    }

    @Test
    void passwordsAndTokensAreHidden() {
        assertThat(Channels.withoutSecrets("https://ci:s3cr3t@channel.invalid/t/tk-1/lab"))
                .isEqualTo("https://channel.invalid/t/***/lab");
    }
}
