// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand.Invocation;

/** One call of a command: what was parsed, and where to write. */
record CliInvocation(ParsedCommand parsed, Supplier<PluginContext> plugin, PrintWriter out, PrintWriter err)
        implements Invocation {

    @Override
    public PluginContext context() {
        return plugin.get();
    }

    @Override
    public boolean has(String option) {
        return parsed.has(option);
    }

    @Override
    public Optional<String> value(String option) {
        return parsed.value(option);
    }

    @Override
    public List<String> values(String option) {
        return parsed.values(option);
    }
}
