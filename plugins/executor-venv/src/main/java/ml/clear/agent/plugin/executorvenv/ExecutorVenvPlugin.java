// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.util.List;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;

/** Offers the executor {@code venv}. */
public final class ExecutorVenvPlugin implements AgentPlugin {

    @Override
    public List<Factory<Executor>> executors() {
        return List.of(Factory.of("venv", context -> new VenvExecutor(SessionLeader.find(context.environment()))));
    }
}
