// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;

/** A command without options or arguments, whose output goes nowhere. */
record EmptyInvocation(PluginContext context) implements Subcommand.Invocation {

    @Override
    public boolean has(String option) {
        return false;
    }

    @Override
    public Optional<String> value(String option) {
        return Optional.empty();
    }

    @Override
    public List<String> values(String option) {
        return List.of();
    }

    @Override
    public PrintWriter out() {
        return new PrintWriter(Writer.nullWriter());
    }

    @Override
    public PrintWriter err() {
        return new PrintWriter(Writer.nullWriter());
    }
}
