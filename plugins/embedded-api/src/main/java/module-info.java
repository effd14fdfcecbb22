// SPDX-License-Identifier: Apache-2.0
/** The ClearML REST API and the files server of the embedded server, over the HTTP server of the JDK. */
module ml.clear.agent.embedded.api {
    requires jdk.httpserver;
    requires ml.clear.agent.api;
    requires ml.clear.agent.embedded.page;
    requires transitive ml.clear.agent.embedded.store;
    requires static transitive org.jspecify;

    exports ml.clear.agent.embedded.api;
}
