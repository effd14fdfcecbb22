// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class GitSettingsTest {

    private static RepositoryAddress forced(String port) throws InterruptedException {
        TestSettings settings =
                TestSettings.defaults().with(GitSettings.FORCE_SSH, "true").with(GitSettings.FORCE_SSH_PORT, port);
        return GitSettings.from(settings)
                .rewriting()
                .rewrite(RepositoryAddress.parse("https://host/team/code.git"), address -> false);
    }

    /** The vendor's file has the number 0 in it. */
    @Test
    void portZeroMeansTheUsualOne() throws InterruptedException {
        assertThat(forced("0").isSsh()).isTrue();
        assertThat(forced("0").port()).isEqualTo(-1);
        assertThat(forced("2222").port()).isEqualTo(2222);
    }
}
