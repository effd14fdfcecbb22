package com.acme.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;

/** Prints the facts of this machine, one a line, or one of them. */
final class Inventory {

    static final Setting<Map<String, String>> LABELS = Setting.of(
            "agent.acme_inventory.labels",
            ValueTypes.map(ValueTypes.TEXT),
            Map.of(),
            "Labels of this machine for the inventory");

    static final Subcommand COMMAND = Subcommand.of(
            "inventory",
            "Print the facts of this machine, one a line",
            List.of(
                    Option.value("--separator", "text", "between name and value; a tab unless given"),
                    Option.values("--only", "name", "print only these facts")),
            Inventory::run);

    private Inventory() {}

    private static int run(Invocation invocation) {
        String separator = invocation.value("--separator").orElse("\t");
        SortedMap<String, String> facts = facts(invocation.context());
        List<String> wanted = invocation.has("--only") ? invocation.values("--only") : List.copyOf(facts.keySet());
        int missing = 0;
        for (String name : wanted) {
            String value = facts.get(name);
            if (value == null) {
                invocation
                        .err()
                        .println("no fact is called '" + name + "'; there are " + String.join(", ", facts.keySet()));
                missing++;
            } else {
                invocation.out().println(name + separator + value);
            }
        }
        return missing == 0 ? 0 : 1;
    }

    private static SortedMap<String, String> facts(PluginContext context) {
        SortedMap<String, String> facts = new TreeMap<>();
        context.settings().get(LABELS).forEach((name, value) -> facts.put("label." + name, value));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("disk.free", Long.toString(free(context.cacheFolder())));
        return facts;
    }

    /** Bytes on the disk of the agent's caches. */
    private static long free(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot measure the disk of '" + folder + "': " + e + "; check the disk", e);
        }
    }
}
