// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.runtime.boot.Agent;

/** {@code list}: the workers that the server knows. */
final class ListCommand {

    private ListCommand() {}

    static Subcommand of(Supplier<Agent> agent) {
        return Subcommand.of("list", "Print the workers that the server knows, as YAML", List.of(), invocation -> {
            Agent made = agent.get();
            made.configurationCheck()
                    .needs(problem -> problem.key().isEmpty() || problem.key().startsWith("api."));
            invocation.out().print(made.connect(made.locateServer()).workers().listing());
            return ExitCode.OK;
        });
    }
}
