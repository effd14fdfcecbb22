// SPDX-License-Identifier: Apache-2.0
/** The page of the embedded server: static files and what serves them. All data comes to it through the API. */
module ml.clear.agent.embedded.page {
    requires transitive jdk.httpserver;
    requires static transitive org.jspecify;

    exports ml.clear.agent.embedded.page;
}
