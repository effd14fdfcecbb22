// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;

/** Offers the package manager {@code poetry}. */
public final class PoetryPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return PoetrySettings.all();
    }

    @Override
    public List<Factory<PackageManager>> packageManagers() {
        return List.of(Factory.of("poetry", PoetryPackageManager::new));
    }
}
