// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The filter {@code search_text}: one of its words must be in a document, all of its quoted phrases, and no word behind a
 * dash. Case does not matter, and a word may be a part of a longer one.
 */
final class TextSearch {

    private static final Pattern TERM = Pattern.compile("\"([^\"]*)\"|(-?)(\\S+)");

    private TextSearch() {}

    /** The condition of a search in some fields. */
    static Condition condition(List<Field> fields, JsonNode given) {
        if (!given.isString()) {
            throw ValueFilter.wrongType("search_text");
        }
        List<Condition> words = new ArrayList<>();
        List<Condition> phrases = new ArrayList<>();
        List<Condition> required = new ArrayList<>();
        Matcher terms = TERM.matcher(given.stringValue().toLowerCase(Locale.ROOT));
        while (terms.find()) {
            if (terms.group(1) != null) {
                phrases.add(found(fields, terms.group(1)));
            } else if (terms.group(2).isEmpty()) {
                words.add(found(fields, terms.group(3)));
            } else {
                required.add(found(fields, terms.group(3)).not());
            }
        }
        // With a phrase, the single words are not required.
        if (!phrases.isEmpty()) {
            required.addAll(phrases);
        } else if (!words.isEmpty()) {
            required.add(Condition.any(words));
        }
        return Condition.all(required);
    }

    private static Condition found(List<Field> fields, String term) {
        return Condition.any(fields.stream()
                .map(field ->
                        field.some(value -> Condition.of(SqlFunctions.CONTAINS_FOLDED + "(" + value + ", ?)", term)))
                .toList());
    }
}
