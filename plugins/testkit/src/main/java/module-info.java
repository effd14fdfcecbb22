// SPDX-License-Identifier: Apache-2.0
/**
 * Contract suites and fakes for the authors of plugins: extend a suite to test a plugin in the same way as the bundled
 * ones.
 */
module ml.clear.agent.testkit {
    requires jdk.httpserver;
    requires transitive ml.clear.agent.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports ml.clear.agent.testkit;
}
