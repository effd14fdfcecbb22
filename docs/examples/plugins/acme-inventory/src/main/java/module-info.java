/** Facts of a machine for an inventory. */
module com.acme.inventory {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            com.acme.inventory.InventoryPlugin;
}
