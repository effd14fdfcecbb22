// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;

/** Addresses of stored files inside documents. For the writer's thread. */
public final class Links {

    private static final List<String> TABLES = List.of("task", "model", "project", "event", "long_text");

    private Links() {}

    /**
     * Replace the beginning of the addresses in all documents, after the files themselves got another address.
     *
     * @param from what the addresses begin with, with a last slash
     * @param to what they begin with from now on, with a last slash
     * @return how many documents were changed
     */
    public static int move(Session session, String from, String to) {
        int changed = 0;
        for (String table : TABLES) {
            String column = table.equals("long_text") ? "text" : "doc";
            changed += session.update(
                    "UPDATE " + table + " SET " + column + " = replace(" + column + ", ?1, ?2) WHERE instr(" + column
                            + ", ?1) > 0",
                    from,
                    to);
        }
        return changed;
    }
}
