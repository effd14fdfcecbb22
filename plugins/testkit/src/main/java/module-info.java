// SPDX-License-Identifier: Apache-2.0
/** Contract suites and fakes for the authors of plugins. */
module ml.clear.agent.testkit {
    requires transitive ml.clear.agent.api;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;
    requires static org.jspecify;

    exports ml.clear.agent.testkit;
}
