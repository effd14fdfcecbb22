// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Renders the configuration for a task's process: everything that files and variables set, undeclared keys too, as JSON, which
 * the Python parser reads as HOCON. The text holds secrets, so the file that takes it is for its owner alone.
 */
public final class TaskConfiguration {

    private static final String CONTAINERS = "sdk.azure.storage.containers";

    private final Configuration configuration;

    /** The configuration to hand on. */
    public TaskConfiguration(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The text.
     *
     * @param overrides values by key that replace those of the configuration, such as the address of the server in use:
     *     texts, numbers, truth values, and lists and maps of these
     */
    public String render(Map<String, ?> overrides) {
        Origin origin = new Origin("agent", 0);
        Node.Group root = withAzureAccount(configuration.effective());
        for (Map.Entry<String, ?> override : overrides.entrySet()) {
            root = root.with(override.getKey(), Node.of(origin, override.getValue()));
        }
        return Json.render(root);
    }

    /** The account that the usual variables name is one more entry of the list, as the Python agent adds it. */
    private Node.Group withAzureAccount(Node.Group root) {
        String account = configuration.environment().getOrDefault("AZURE_STORAGE_ACCOUNT", "");
        String key = configuration.environment().getOrDefault("AZURE_STORAGE_KEY", "");
        if (account.isBlank() || key.isBlank()) {
            return root;
        }
        List<Node> containers = new ArrayList<>();
        if (root.at(CONTAINERS).orElse(null) instanceof Node.Sequence list) {
            containers.addAll(list.elements());
        }
        Origin origin = Origin.variable("AZURE_STORAGE_ACCOUNT");
        containers.add(Node.of(origin, Map.of("account_name", account, "account_key", key)));
        return root.with(CONTAINERS, new Node.Sequence(origin, containers));
    }
}
