// SPDX-License-Identifier: Apache-2.0
/** What the embedded server keeps: documents, events and the language that lists are asked in. */
module ml.clear.agent.embedded.store {
    requires transitive java.sql;
    requires ml.clear.agent.api;
    requires static transitive org.jspecify;

    exports ml.clear.agent.embedded.store;
}
