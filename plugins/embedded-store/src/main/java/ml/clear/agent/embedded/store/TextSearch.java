// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The filter {@code search_text}: one of its words must be in a document, all of its quoted phrases, and no word behind a
 * dash. Case does not matter, and a word may be a part of a longer one.
 */
record TextSearch(List<String> fields, List<String> words, List<String> phrases, List<String> excluded)
        implements Predicate<ObjectNode> {

    private static final Pattern TERM = Pattern.compile("\"([^\"]*)\"|(-?)(\\S+)");

    static TextSearch of(List<String> fields, JsonNode given) {
        if (!given.isString()) {
            throw ValueFilter.wrongType("search_text");
        }
        List<String> words = new ArrayList<>();
        List<String> phrases = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        Matcher terms = TERM.matcher(given.stringValue().toLowerCase(Locale.ROOT));
        while (terms.find()) {
            if (terms.group(1) != null) {
                phrases.add(terms.group(1));
            } else {
                (terms.group(2).isEmpty() ? words : excluded).add(terms.group(3));
            }
        }
        return new TextSearch(fields, words, phrases, excluded);
    }

    @Override
    public boolean test(ObjectNode document) {
        String text = fields.stream()
                .flatMap(field -> Paths.values(document, field).stream())
                .map(JsonNode::asString)
                .collect(Collectors.joining("\n"))
                .toLowerCase(Locale.ROOT);
        // With a phrase, the single words are not required.
        boolean found = phrases.isEmpty()
                ? words.isEmpty() || words.stream().anyMatch(text::contains)
                : phrases.stream().allMatch(text::contains);
        return found && excluded.stream().noneMatch(text::contains);
    }
}
