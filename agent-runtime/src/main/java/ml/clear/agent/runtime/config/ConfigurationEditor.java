// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;

/**
 * Sets one key in the text of a configuration file; comments, order and every other value stay as they are. An edit is tried at the
 * likely places and kept only when reading the result gives exactly the wanted change.
 */
public final class ConfigurationEditor {

    private static final Pattern BARE =
            Pattern.compile("true|false|null|-?[0-9]+(?:\\.[0-9]+)?|[\\[{].*", Pattern.DOTALL);
    private static final Pattern VALUE =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[^,}\\]#\\s\"](?:[^,}\\]#\"]*[^,}\\]#\\s\"])?");
    private static final String INDENT = "    ";

    private final Path file;
    private final Map<String, String> environment;

    /** An editor of the text of this file; nothing is read from it or written to it. */
    public ConfigurationEditor(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * The text with another value.
     *
     * @param value as it would be written in the file; texts need no quotes
     * @throws AgentException {@code CONFIGURATION_INVALID} when the value does not fit, or the text cannot be read
     */
    public String set(String text, Setting<?> setting, String value) {
        Node.Group before = read(text)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "'" + file + "' has errors, which 'config validate' lists; correct them first"));
        String written = written(setting, value);
        Node wanted = read("value: " + written)
                .flatMap(root -> root.at("value"))
                .orElseThrow(() -> misfit(setting, value, "a list or block of this form cannot be read"));
        check(setting, value, wanted);
        String expected = Json.render(before.with(setting.key(), wanted));
        return candidates(text, before, setting.key(), written).stream()
                .filter(candidate -> read(candidate)
                        .filter(after -> Json.render(after).equals(expected))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "'" + setting.key() + "' cannot be set in '" + file
                                + "' without changing other values; edit the file"));
    }

    private Optional<Node.Group> read(String text) {
        List<Problem> problems = new ArrayList<>();
        Node.Group root = new HoconParser(environment, SourceTexts.onDisk(), problems::add).content(file, text);
        return problems.stream().anyMatch(Problem::isError) ? Optional.empty() : Optional.of(root);
    }

    private void check(Setting<?> setting, String value, Node wanted) {
        List<Problem> problems = new ArrayList<>();
        Node.Group root = Node.Group.empty(Origin.DEFAULT).with(setting.key(), wanted);
        new SettingReader(root, Map.of(), problems::add).read(RuntimeSettings.OWNER, setting, new Effect.Used());
        problems.stream().findFirst().ifPresent(problem -> {
            throw misfit(setting, value, problem.message());
        });
    }

    private static AgentException misfit(Setting<?> setting, String value, String why) {
        return new AgentException(
                ErrorCode.CONFIGURATION_INVALID,
                setting.secret()
                        ? setting.key() + " is '" + Secret.MASK + "'; it does not fit"
                        : why + " ('" + value + "')");
    }

    private static String written(Setting<?> setting, String value) {
        boolean text = "string".equals(setting.type().schema().get("type"));
        if (!text && BARE.matcher(value).matches()) {
            return value;
        }
        if (value.contains("${") && !value.contains("\"\"\"")) {
            return "\"\"\"" + value + "\"\"\"";
        }
        StringBuilder quoted = new StringBuilder();
        Json.quote(value, quoted);
        return quoted.toString();
    }

    private List<String> candidates(String text, Node.Group before, String key, String written) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<String> candidates = new ArrayList<>();
        String last = key.substring(key.lastIndexOf('.') + 1);
        before.at(key)
                .filter(node -> isHere(node, lines))
                .ifPresent(
                        node -> candidates.addAll(replaced(lines, node.origin().line() - 1, last, written)));
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            String below = key.substring(dot + 1);
            before.at(key.substring(0, dot))
                    .filter(node -> node instanceof Node.Group && isHere(node, lines))
                    .ifPresent(node ->
                            candidates.addAll(inserted(lines, node.origin().line() - 1, below, written)));
        }
        String line = key + ": " + written;
        candidates.add(with(lines, lines.size(), line));
        int end = text.stripTrailing().endsWith("}") ? lastBrace(lines) : -1;
        if (end >= 0) {
            candidates.add(with(lines, end, INDENT + line));
        }
        return candidates;
    }

    private boolean isHere(Node node, List<String> lines) {
        return node.origin().source().equals(file.toString())
                && node.origin().line() > 0
                && node.origin().line() <= lines.size();
    }

    /** Every place in the line where the name has a single value. */
    private static List<String> replaced(List<String> lines, int at, String name, String written) {
        List<String> results = new ArrayList<>();
        String line = lines.get(at);
        Matcher key = Pattern.compile("(?<![\\w-])\"?" + Pattern.quote(name) + "\"?[ \\t]*[:=][ \\t]*")
                .matcher(line);
        while (key.find()) {
            Matcher value = VALUE.matcher(line).region(key.end(), line.length());
            int end = value.lookingAt() ? value.end() : key.end();
            List<String> changed = new ArrayList<>(lines);
            changed.set(at, line.substring(0, key.end()) + written + line.substring(end));
            results.add(joined(changed));
        }
        return results;
    }

    /** Behind the line that opens a block. */
    private static List<String> inserted(List<String> lines, int at, String name, String written) {
        String line = lines.get(at);
        if (!line.stripTrailing().endsWith("{")) {
            return List.of();
        }
        String indent = line.substring(0, line.length() - line.stripLeading().length());
        return List.of(with(lines, at + 1, indent + INDENT + name + ": " + written));
    }

    private static int lastBrace(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).strip().equals("}")) {
                return i;
            }
        }
        return -1;
    }

    private static String with(List<String> lines, int at, String line) {
        List<String> changed = new ArrayList<>(lines);
        changed.add(at, line);
        return joined(changed);
    }

    private static String joined(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
