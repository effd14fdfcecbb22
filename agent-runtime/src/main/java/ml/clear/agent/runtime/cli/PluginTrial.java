// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginScope;
import ml.clear.agent.runtime.plugins.PluginStatus;
import ml.clear.agent.runtime.plugins.Trial;

/** Tries every plugin that did not come with the agent: its start, its commands and each instance that it can make. */
final class PluginTrial {

    /** The last line of a trial without problems. */
    static final String VERDICT_GOOD = "verified";

    private final Agent agent;
    private final PrintWriter out;
    private final List<String> problems = new ArrayList<>();

    PluginTrial(Agent agent, PrintWriter out) {
        this.agent = agent;
        this.out = out;
    }

    /** Whether nothing is wrong; every step is printed before it is taken, since it may not return. */
    boolean run() {
        say("starting the plugin");
        List<InstalledPlugin> tried = agent.plugins().installed();
        if (tried.isEmpty()) {
            problem("no plugin was found; a plugin is a jar, a zip or a folder, see docs/plugins.md");
        }
        tried.forEach(this::tryPlugin);
        problems.forEach(problem -> out.println("error: " + problem));
        if (problems.isEmpty()) {
            out.println(VERDICT_GOOD);
        }
        out.flush();
        return problems.isEmpty();
    }

    private void tryPlugin(InstalledPlugin plugin) {
        plugin.problem().ifPresent(this::problem);
        if (!(plugin.status() instanceof PluginStatus.Started)) {
            if (plugin.status() instanceof PluginStatus.Disabled(String reason)) {
                problem(plugin.label() + " is disabled: " + reason);
            }
            return;
        }
        say("plugin " + plugin.id() + " " + plugin.version() + ": "
                + plugin.contributions().summary());
        plugin.contributions().subcommands().forEach(command -> tryCommand(plugin, command));
        try {
            for (Trial trial : agent.registry().makeAll(plugin, title -> say("making " + title))) {
                if (!trial.problem().isEmpty()) {
                    problem(trial.title() + ": " + trial.problem());
                }
            }
        } catch (AgentException e) {
            problem("nothing could be made: " + e.getMessage());
        }
        PluginScope.threadsOf(plugin.label())
                .forEach(thread -> problem(plugin.label() + " left thread '" + thread
                        + "' running after its start; make it a daemon thread, or start it when an instance is made"));
    }

    private void tryCommand(InstalledPlugin plugin, Subcommand command) {
        say("reading the options of command '" + command.name() + "'");
        try {
            new CommandTree("", GlobalOptions.ALL, List.of(command))
                    .parse(List.of(command.name(), "--help"))
                    .help();
        } catch (RuntimeException e) {
            problem(plugin.label() + " has a command '" + command.name() + "' that cannot be parsed: "
                    + e.getMessage());
        }
    }

    private void say(String step) {
        out.println(step);
        out.flush();
    }

    private void problem(String text) {
        problems.add(text);
    }
}
