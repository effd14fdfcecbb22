// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.config.CheckedConfiguration;
import ml.clear.agent.runtime.config.ConfigurationReport;

/** {@code config}: the configuration shows, checks and explains itself; alone it shows, as the Python agent's does. */
final class ConfigCommand {

    private static final Option ORIGIN =
            Option.flag("--origin", "also show where each value comes from: file and line, variable or default");

    private ConfigCommand() {}

    static Subcommand of(Supplier<Agent> agent) {
        return new Subcommand(
                "config",
                "Show, check and explain the configuration",
                List.of(ORIGIN),
                List.of(
                        Subcommand.of(
                                "show",
                                "Print the effective configuration, with secrets masked",
                                List.of(ORIGIN),
                                invocation -> show(agent.get(), invocation)),
                        Subcommand.of(
                                "validate",
                                "Tell everything that is wrong with the configuration; exit code 1 when there are errors",
                                List.of(),
                                invocation -> validate(agent.get(), invocation)),
                        Subcommand.of(
                                "explain",
                                "Explain a key, or all keys of a section",
                                List.of(Option.argument("key", "a key such as agent.venvs_cache.path, or a section")),
                                invocation -> explain(agent.get(), invocation))),
                invocation -> show(agent.get(), invocation));
    }

    private static int show(Agent agent, Invocation invocation) {
        ConfigurationReport report = new ConfigurationReport(agent.checkedConfiguration());
        invocation.out().print(invocation.has(ORIGIN.name()) ? report.showWithOrigins() : report.show());
        return ExitCode.OK;
    }

    private static int validate(Agent agent, Invocation invocation) {
        CheckedConfiguration checked = agent.checkedConfiguration();
        invocation.out().print(new ConfigurationReport(checked).validate());
        return checked.errors().isEmpty() ? ExitCode.OK : ExitCode.ERROR;
    }

    private static int explain(Agent agent, Invocation invocation) {
        String key = invocation.value("key").orElse("");
        invocation.out().print(new ConfigurationReport(agent.checkedConfiguration()).explain(key));
        return ExitCode.OK;
    }
}
