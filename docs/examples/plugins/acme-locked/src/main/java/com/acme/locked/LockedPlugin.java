package com.acme.locked;

import java.util.List;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;

/** A package manager for repositories with the file {@code acme.lock}. */
public final class LockedPlugin implements AgentPlugin {

    @Override
    public List<Factory<PackageManager>> packageManagers() {
        return List.of(Factory.of("acme-locked", LockedPackages::new));
    }
}
