// SPDX-License-Identifier: Apache-2.0
/** Requirements, interpreters and virtual environments, shared by the package managers. A library: it provides no plugin. */
module ml.clear.agent.plugin.pythonsupport {
    requires transitive ml.clear.agent.api;
    requires static org.jspecify;

    exports ml.clear.agent.plugin.pythonsupport;
}
