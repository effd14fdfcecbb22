package com.acme.inventory;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Subcommand;

/** Offers {@code clearml-agent inventory}. */
public final class InventoryPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return List.of(Inventory.LABELS);
    }

    @Override
    public List<Subcommand> subcommands() {
        return List.of(Inventory.COMMAND);
    }
}
