// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;

/**
 * Limits the documents to read to those whose member has one of a few values. It only saves reading; the filters still
 * decide which documents match.
 *
 * @param member an indexed member, or empty for all documents
 * @param values the values, at least one where a member is named
 */
public record Narrowing(String member, List<String> values) {

    /** All documents. */
    public static final Narrowing NONE = new Narrowing("", List.of());

    /** Copies the values. */
    public Narrowing {
        values = List.copyOf(values);
    }

    /** The documents with these ids. */
    public static Narrowing ids(List<String> ids) {
        return new Narrowing("id", ids);
    }

    /** The documents whose member has this value. */
    public static Narrowing of(String member, String value) {
        return new Narrowing(member, List.of(value));
    }

    String where() {
        if (member.isEmpty()) {
            return "";
        }
        String column = member.equals("id") ? "id" : "json_extract(doc, '$." + member + "')";
        return " WHERE " + column + " IN (?" + ", ?".repeat(values.size() - 1) + ")";
    }
}
