// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a run leaves of a task, member by member: the path in the document to the value. What differs from run to run by its
 * nature, times and names given by the server, is replaced by a word for it; that it is there is compared.
 *
 * @param members all of them, the parts of the console among them
 */
record RecordedTask(SortedMap<String, String> members) {

    private static final Set<String> TIMES = Set.of(
            "/completed",
            "/created",
            "/last_change",
            "/last_metrics_update",
            "/last_update",
            "/last_worker_report",
            "/started",
            "/status_changed",
            "/active_duration");

    /** Each agent's last words before the task's own. */
    private static final Pattern BEGINNING = Pattern.compile("script +running .*|Starting Task Execution:");

    /** How each agent says that it ends the task. */
    private static final Pattern ABORTING = Pattern.compile("(User aborted|Aborting): .*");

    /** What each agent says at the end, and when the script has ended. */
    private static final Pattern CLOSING = Pattern.compile("Process [a-z]+.*");

    private static final Pattern PHASE = Pattern.compile("script +([0-9]|failed).*");

    /**
     * Of a document and the messages of its console, in order. The Python agent does not end its closing line, and does not
     * always send it last, so it is looked for among the messages.
     *
     * @param names which texts are replaced by which
     */
    static RecordedTask of(JsonNode document, List<String> messages, Map<String, String> names) {
        SortedMap<String, String> members = new TreeMap<>();
        flatten("", document, members);
        members.keySet().removeAll(curvesOfTheMachine(document));
        members.replaceAll((path, value) -> TIMES.contains(path) ? "(a time)" : replaced(value, names));
        List<String> lines = messages.stream().flatMap(String::lines).toList();
        int begin = 0;
        while (begin < lines.size() && !BEGINNING.matcher(lines.get(begin)).matches()) {
            begin++;
        }
        List<String> after = lines.subList(Math.min(lines.size(), begin + 1), lines.size());
        members.put("/console/set-up", String.join("\n", lines.subList(0, begin)));
        members.put("/console/output", joined(after, line -> !isOfTheAgent(line)));
        members.put("/console/abort", joined(after, matches(ABORTING)));
        members.put("/console/closing", joined(lines, matches(CLOSING)));
        return new RecordedTask(members);
    }

    /** The SDK draws the machine after half a minute, so whether a run has these curves depends on how busy the machine is. */
    private static List<String> curvesOfTheMachine(JsonNode document) {
        SortedMap<String, String> curves = new TreeMap<>();
        document.path("last_metrics").properties().forEach(metric -> {
            if (metric.getValue().findValuesAsString("metric").stream()
                    .anyMatch(name -> name.startsWith(":monitor:"))) {
                flatten("/last_metrics/" + metric.getKey(), metric.getValue(), curves);
            }
        });
        return List.copyOf(curves.keySet());
    }

    private static boolean isOfTheAgent(String line) {
        return line.isEmpty()
                || Stream.of(ABORTING, CLOSING, PHASE)
                        .anyMatch(words -> words.matcher(line).matches());
    }

    private static Predicate<String> matches(Pattern pattern) {
        return line -> pattern.matcher(line).matches();
    }

    private static String joined(List<String> lines, Predicate<String> wanted) {
        return lines.stream().filter(wanted).collect(Collectors.joining("\n"));
    }

    /** One of them. */
    String member(String path) {
        return members.getOrDefault(path, "(nothing)");
    }

    private static String replaced(String value, Map<String, String> names) {
        String result = value;
        for (Map.Entry<String, String> name : names.entrySet()) {
            result = result.replace(name.getKey(), name.getValue());
        }
        return result;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> members) {
        if (node.isObject()) {
            node.properties().forEach(member -> flatten(path + "/" + member.getKey(), member.getValue(), members));
        } else {
            members.put(path, node.isString() ? node.asString() : node.toString());
        }
    }
}
