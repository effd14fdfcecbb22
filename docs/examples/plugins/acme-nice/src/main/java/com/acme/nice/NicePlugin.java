package com.acme.nice;

import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.PrefixedExecutor;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.ExecutorOption.Command;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand.Option;

/** Offers the executor {@code acme-nice}: the executor {@code venv} with {@code nice} before its command. */
public final class NicePlugin implements AgentPlugin {

    static final Setting<Long> NICENESS = Setting.of(
                    "agent.acme_nice.niceness", ValueTypes.integer(0, 19), 10L, "Niceness of the processes of tasks")
            .environment("ACME_NICENESS");

    @Override
    public List<Setting<?>> settings() {
        return List.of(NICENESS);
    }

    @Override
    public List<Factory<Executor>> executors() {
        return List.of(Factory.of("acme-nice", NicePlugin::nice));
    }

    @Override
    public List<ExecutorOption> executorOptions() {
        return List.of(new ExecutorOption(
                Option.value("--niceness", "number", "run tasks with this niceness"),
                Set.of(Command.DAEMON, Command.RUN),
                "acme-nice",
                values -> Map.of("ACME_NICENESS", values.getFirst())));
    }

    static Executor nice(PluginContext context) {
        String niceness = Long.toString(context.settings().get(NICENESS));
        return new PrefixedExecutor(context.executor("venv"), List.of("nice", "-n", niceness));
    }
}
