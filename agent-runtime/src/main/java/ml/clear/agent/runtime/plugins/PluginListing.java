// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The text of {@code plugins list}: a table with one row a plugin, and below a row why its plugin is not started. */
public final class PluginListing {

    private static final List<String> HEADINGS = List.of("ID", "VERSION", "STATE", "CONTRIBUTES", "FROM");
    private static final String GAP = "  ";

    private PluginListing() {}

    /** The lines of the table, each with its line end; a message when no plugin is installed. */
    public static String of(List<InstalledPlugin> plugins) {
        if (plugins.isEmpty()) {
            return "no plugins found\n";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        plugins.forEach(plugin -> rows.add(row(plugin)));
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder(line(HEADINGS, widths));
        for (int i = 0; i < plugins.size(); i++) {
            text.append(line(rows.get(i + 1), widths));
            text.append(explanation(plugins.get(i).status()));
        }
        return text.toString();
    }

    private static List<String> row(InstalledPlugin plugin) {
        return List.of(
                plugin.id(),
                plugin.version(),
                plugin.status().word(),
                plugin.contributions().summary(),
                plugin.origin().toString());
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing() + "\n";
    }

    private static String explanation(PluginStatus status) {
        return switch (status) {
            case PluginStatus.Started _ -> "";
            case PluginStatus.Disabled(String reason) -> GAP + reason + "\n";
            case PluginStatus.Failed(String reason) -> GAP + reason + "\n";
        };
    }
}
