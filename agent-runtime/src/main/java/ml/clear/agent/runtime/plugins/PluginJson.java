// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.List;
import java.util.StringJoiner;

/** {@code plugins list --json}: one object a plugin, for programs. Keys are only ever added. */
public final class PluginJson {

    private PluginJson() {}

    /** A JSON array with its end of line. */
    public static String of(List<InstalledPlugin> plugins) {
        StringJoiner array = new StringJoiner(",\n  ", "[\n  ", "\n]\n").setEmptyValue("[]\n");
        plugins.forEach(plugin -> array.add(object(plugin)));
        return array.toString();
    }

    private static String object(InstalledPlugin plugin) {
        StringJoiner object = new StringJoiner(", ", "{", "}");
        object.add(member("id", plugin.id()));
        object.add(member("version", plugin.version()));
        object.add(member("state", plugin.status().word()));
        object.add(member("description", plugin.description()));
        object.add(member("origin", plugin.origin().toString()));
        object.add(member("reason", plugin.status().reason()));
        StringJoiner contributions = new StringJoiner(", ", "[", "]");
        plugin.contributions().titles().forEach(title -> contributions.add(quoted(title)));
        return object.add(quoted("contributions") + ": " + contributions).toString();
    }

    private static String member(String name, String value) {
        return quoted(name) + ": " + quoted(value);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
