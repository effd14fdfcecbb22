// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;

/**
 * The documents whose member has one of a few values.
 *
 * @param member a member with a column of its name, or empty for all documents
 * @param values the values, at least one where a member is named
 */
public record Subset(String member, List<String> values) {

    /** All documents. */
    public static final Subset ALL = new Subset("", List.of());

    /** Copies the values. */
    public Subset {
        values = List.copyOf(values);
    }

    /** The documents with these ids. */
    public static Subset ids(List<String> ids) {
        return new Subset("id", ids);
    }

    /** The documents whose member has this value. */
    public static Subset of(String member, String value) {
        return new Subset(member, List.of(value));
    }

    String where() {
        return where("");
    }

    /** The same for a table with other ones beside it, such as JSON tables, whose columns have the same names. */
    String where(String table) {
        if (member.isEmpty()) {
            return "";
        }
        return " WHERE " + (table.isEmpty() ? "" : table + ".") + member + " IN (?" + ", ?".repeat(values.size() - 1)
                + ")";
    }
}
