// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.TreeMap;
import java.util.regex.Pattern;

/** A document as block-style YAML with sorted keys, as the Python agent prints what the server answers. */
final class YamlText {

    /** What can stand without quotes: no sign that means something in YAML, and nothing that reads as another type. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][-A-Za-z0-9_./+@]*(:[-A-Za-z0-9_./+@]+)*");

    private static final Pattern OTHER_TYPE =
            Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n|\\.inf|\\.nan|[-+]?[0-9.].*");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    static String of(Json document) {
        YamlText yaml = new YamlText();
        yaml.write(document, "", false);
        return yaml.text.toString();
    }

    /**
     * Write a value.
     *
     * @param indent of the lines that it needs
     * @param inline whether the cursor stands behind the dash of a list item, where the first member may begin
     */
    private void write(Json value, String indent, boolean inline) {
        switch (value) {
            case Json.Members(var members)
            when !members.isEmpty() -> {
                String lead = inline ? "" : indent;
                for (var member : new TreeMap<>(members).entrySet()) {
                    text.append(lead).append(scalar(member.getKey())).append(':');
                    below(member.getValue(), indent);
                    lead = indent;
                }
            }
            case Json.Items(var items)
            when !items.isEmpty() -> {
                String lead = inline ? "" : indent;
                for (Json item : items) {
                    text.append(lead).append("- ");
                    write(item, indent + "  ", true);
                    lead = indent;
                }
            }
            case Json.Members _ -> text.append("{}\n");
            case Json.Items _ -> text.append("[]\n");
            case Json.Absent() -> text.append("null\n");
            case Json.Text(String words) -> text.append(scalar(words)).append('\n');
            case Json.Digits _, Json.Truth _ -> text.append(value.text()).append('\n');
        }
    }

    private void below(Json value, String indent) {
        boolean block = !value.members().isEmpty() || !value.items().isEmpty();
        text.append(block ? "\n" : " ");
        write(value, value instanceof Json.Items ? indent : indent + "  ", false);
    }

    private static String scalar(String words) {
        return PLAIN.matcher(words).matches() && !OTHER_TYPE.matcher(words).matches() ? words : quoted(words);
    }

    private static String quoted(String words) {
        boolean simple = words.chars().allMatch(c -> c >= ' ' && c != 127);
        return simple ? "'" + words.replace("'", "''") + "'" : JsonFormat.write(Json.of(words));
    }
}
