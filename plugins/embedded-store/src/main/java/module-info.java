// SPDX-License-Identifier: Apache-2.0
/** The storage of the embedded server: documents, events and the query language of lists. */
module ml.clear.agent.embedded.store {
    requires transitive java.sql;
    requires ml.clear.agent.api;
    requires static transitive org.jspecify;

    exports ml.clear.agent.embedded.store;
}
