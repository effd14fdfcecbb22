// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginJson;
import ml.clear.agent.runtime.plugins.PluginListing;
import ml.clear.agent.runtime.plugins.PluginStatus;
import ml.clear.agent.runtime.plugins.install.PluginFolder;
import ml.clear.agent.runtime.plugins.install.PluginTemplate;

/** {@code plugins}: what is installed and its state; installs, checks and switches plugins. */
final class PluginsCommand {

    private static final Option JSON = Option.flag("--json", "print JSON, for programs");
    private static final Option SHA256 =
            Option.value("--sha256", "digest", "refuse the file unless it has this SHA-256");
    private static final Option REPOSITORY = Option.value(
            "--repository", "address", "the Maven repository to look in first; https or file, for coordinates");
    private static final Option NO_VERIFY = Option.flag("--no-verify", "do not try the plugin before it is installed");
    private static final Option PACKAGE =
            Option.value("--package", "name", "the package and module of the plugin; example.plugin unless given");
    private static final Option ID = Option.argument("id", "the id of a plugin, as 'plugins list' shows it");

    private final Supplier<Agent> agent;

    private PluginsCommand(Supplier<Agent> agent) {
        this.agent = agent;
    }

    static Subcommand of(Supplier<Agent> agent, Supplier<List<String>> globalOptions) {
        PluginsCommand command = new PluginsCommand(agent);
        VerifyCommand verify = new VerifyCommand(agent, globalOptions);
        return Subcommand.group(
                "plugins",
                "Show, check and install plugins",
                List.of(
                        Subcommand.of(
                                "list",
                                "Print every plugin with its version, state, origin and contributions, and why one"
                                        + " failed; exit code 1 when one failed or has changed",
                                List.of(JSON),
                                command::list),
                        verify.subcommand(),
                        Subcommand.of(
                                "install",
                                "Check a plugin and put it into the first folder of agent.plugins.folders",
                                List.of(
                                        SHA256,
                                        REPOSITORY,
                                        NO_VERIFY,
                                        Option.argument(
                                                "source", "a jar or zip, its address, or group:artifact:version")),
                                invocation -> command.install(invocation, verify)),
                        Subcommand.of(
                                "remove",
                                "Delete a plugin from the first folder of agent.plugins.folders",
                                List.of(ID),
                                command::remove),
                        Subcommand.of(
                                "enable",
                                "Enable a plugin; one whose start ended the agent is started again",
                                List.of(ID),
                                command::enable),
                        Subcommand.of("disable", "Switch a plugin off", List.of(ID), command::disable),
                        Subcommand.of(
                                "new",
                                "Create the project of a plugin, with tests that pass, in a new folder",
                                List.of(
                                        PACKAGE,
                                        Option.argument(
                                                "folder", "the folder to make; its name is the id of the plugin")),
                                command::create),
                        Subcommand.of(
                                "sdk",
                                "Print the folder with the plugin API, its test kit and the template of a plugin",
                                List.of(),
                                command::sdk)));
    }

    private int list(Invocation invocation) {
        List<InstalledPlugin> plugins = agent.get().plugins().all();
        List<String> differences = agent.get().plugins().changes();
        invocation.out().print(invocation.has(JSON.name()) ? PluginJson.of(plugins) : PluginListing.of(plugins));
        differences.forEach(invocation.err()::println);
        boolean failed = plugins.stream().anyMatch(plugin -> plugin.status() instanceof PluginStatus.Failed);
        return failed || !differences.isEmpty() ? ExitCode.ERROR : ExitCode.OK;
    }

    private int install(Invocation invocation, VerifyCommand verify) {
        List<URI> repositories = new ArrayList<>();
        invocation.value(REPOSITORY.name()).map(URI::create).ifPresent(repositories::add);
        repositories.addAll(agent.get().plugins().repositories());
        PluginFolder.Request request = new PluginFolder.Request(
                invocation.value("source").orElse(""),
                invocation.value(SHA256.name()),
                repositories,
                () -> agent.get().network());
        InstalledPlugin plugin = agent.get().plugins().folder().install(request, file -> {
            if (!invocation.has(NO_VERIFY.name())) {
                verify.orThrow(file, request.source(), invocation);
            }
        });
        invocation.out().println("installed plugin " + plugin.id() + " " + plugin.version() + " as " + plugin.origin());
        return ExitCode.OK;
    }

    private int remove(Invocation invocation) {
        invocation.out().println("removed " + agent.get().plugins().folder().remove(id(invocation)));
        return ExitCode.OK;
    }

    private int enable(Invocation invocation) {
        agent.get().plugins().folder().enable(id(invocation));
        return printStatus(invocation, true);
    }

    private int disable(Invocation invocation) {
        agent.get().plugins().folder().disable(id(invocation));
        return printStatus(invocation, false);
    }

    /** Print the resulting state of the plugin, which a list in another folder may determine. */
    private int printStatus(Invocation invocation, boolean enabled) {
        String id = id(invocation);
        Optional<InstalledPlugin> plugin = agent.get().plugins().all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst();
        if (plugin.isEmpty()) {
            invocation
                    .err()
                    .println("clearml-agent: no plugin '" + id
                            + "' is installed; 'plugins list' shows the installed ones");
            return ExitCode.ERROR;
        }
        PluginStatus status = plugin.get().status();
        invocation
                .out()
                .println("plugin " + id + " is " + status.word()
                        + (status.reason().isEmpty() ? "" : ": " + status.reason()));
        boolean off = status instanceof PluginStatus.Disabled;
        return off == enabled ? ExitCode.ERROR : ExitCode.OK;
    }

    private int create(Invocation invocation) {
        Path folder = Path.of(invocation.value("folder").orElse(""));
        AgentProcess agentProcess = agent.get().process();
        new PluginTemplate(agentProcess.sdk(), agentProcess.version())
                .create(folder, invocation.value(PACKAGE.name()).orElse("example.plugin"));
        invocation
                .out()
                .println("made " + folder + "; build it with a JDK 25 (JAVA_HOME): cd " + folder + " && mvn verify");
        return ExitCode.OK;
    }

    private int sdk(Invocation invocation) {
        invocation.out().println(agent.get().process().sdk());
        return ExitCode.OK;
    }

    private static String id(Invocation invocation) {
        return invocation.value(ID.name()).orElse("");
    }
}
