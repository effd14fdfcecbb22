// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process of the agent: its variables, folders and version, read once at its start.
 *
 * @param environment the variables of the process
 * @param home the user's home folder
 * @param installation the folder of the installed agent
 * @param version the version of the agent, and of the API that plugins are compared with
 */
public record AgentProcess(Map<String, String> environment, Path home, Path installation, String version) {

    /** The launcher names the folder of the installation here. */
    private static final String INSTALLATION = "clearml.agent.home";

    /** Copies the variables. */
    public AgentProcess {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static AgentProcess ofThisProcess() {
        return new AgentProcess(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of(System.getProperty(INSTALLATION, "")).toAbsolutePath(),
                agentVersion());
    }

    /** The version that the compiler wrote into our module's descriptor: no resource to find and to parse. */
    public static String agentVersion() {
        return Optional.ofNullable(AgentProcess.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("0.0.0");
    }

    /** The command that starts this agent again, from the folder that this process runs from. */
    public List<String> agentCommand() {
        return List.of(installation.resolve("bin").resolve("clearml-agent").toString());
    }

    /** The folder with what plugins are built with. */
    public Path sdk() {
        return installation.resolve("sdk");
    }

    /** The folder of the plugins that came with the agent. */
    Path bundledPlugins() {
        return installation.resolve("plugins");
    }
}
