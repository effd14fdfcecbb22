// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.VersionControl;

/** Offers version control with git. */
public final class VcsGitPlugin implements AgentPlugin {

    /** For the service loader. */
    public VcsGitPlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return GitSettings.DECLARED;
    }

    @Override
    public List<Factory<VersionControl>> versionControls() {
        return List.of(Factory.of("git", GitVersionControl::new));
    }
}
