// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;

/** Offers the package manager {@code conda}. */
public final class CondaPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return CondaSettings.all();
    }

    @Override
    public List<Factory<PackageManager>> packageManagers() {
        return List.of(Factory.of("conda", CondaPackageManager::of));
    }
}
