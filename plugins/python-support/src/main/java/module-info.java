// SPDX-License-Identifier: Apache-2.0
/**
 * What package managers for Python share: interpreters, requirements, virtual environments, installing lists of requirements,
 * builds of torch, tools of the agent. A library: it provides no plugin.
 */
module ml.clear.agent.plugin.pythonsupport {
    requires transitive ml.clear.agent.api;
    requires java.net.http;
    requires static org.jspecify;

    exports ml.clear.agent.plugin.pythonsupport;
    exports ml.clear.agent.plugin.pythonsupport.install;
    exports ml.clear.agent.plugin.pythonsupport.tool;
    exports ml.clear.agent.plugin.pythonsupport.torch;
}
