// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;

/**
 * Offers the package managers {@code uv}, which installs projects by their lock files, and {@code uv-pip}, which installs
 * lists of requirements with uv and ignores lock files.
 */
public final class UvPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return UvSettings.all();
    }

    @Override
    public List<Factory<PackageManager>> packageManagers() {
        return List.of(
                Factory.of("uv", UvPackageManager::new), Factory.of(UvPackageManager.LISTS, UvPipPackageManager::new));
    }
}
