// SPDX-License-Identifier: Apache-2.0
/**
 * What a plugin of the ClearML agent sees: the JDK's types and these, nothing else.
 *
 * <p>A plugin provides {@link ml.clear.agent.api.spi.AgentPlugin} and reads the rest from there.
 */
module ml.clear.agent.api {
    requires static org.jspecify;

    exports ml.clear.agent.api;
    exports ml.clear.agent.api.config;
    exports ml.clear.agent.api.error;
    exports ml.clear.agent.api.execution;
    exports ml.clear.agent.api.file;
    exports ml.clear.agent.api.process;
    exports ml.clear.agent.api.python;
    exports ml.clear.agent.api.secret;
    exports ml.clear.agent.api.service;
    exports ml.clear.agent.api.spi;
    exports ml.clear.agent.api.storage;
    exports ml.clear.agent.api.task;
    exports ml.clear.agent.api.vcs;
}
