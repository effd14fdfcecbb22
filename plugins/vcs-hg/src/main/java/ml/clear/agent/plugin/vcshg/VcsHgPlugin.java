// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.util.List;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.VersionControl;

/** Offers Mercurial. */
public final class VcsHgPlugin implements AgentPlugin {

    /** For the service loader. */
    public VcsHgPlugin() {}

    @Override
    public List<Factory<VersionControl>> versionControls() {
        return List.of(Factory.of("hg", HgVersionControl::new));
    }
}
