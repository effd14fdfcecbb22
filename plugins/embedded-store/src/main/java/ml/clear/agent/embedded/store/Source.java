// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a query selects from: rows with the columns {@code seq}, {@code id} and {@code doc}, called {@code t}.
 *
 * @param from the text after FROM
 * @param arguments the values of its question marks
 */
public record Source(String from, List<Object> arguments) {

    /** Copies the arguments. */
    public Source {
        arguments = List.copyOf(arguments);
    }

    static Source table(String from) {
        return new Source(from, List.of());
    }

    /** One document that is not stored. */
    public static Source of(ObjectNode document) {
        return new Source(
                "(SELECT 0 AS seq, ? AS id, ? AS doc) AS t",
                List.of(document.path("id").stringValue(), Json.text(document)));
    }
}
