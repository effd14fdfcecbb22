// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.spi.Subcommand.Values;

/**
 * A call of a command of a plugin with options from a test. {@link #run} checks them against what the command declares, as the
 * agent does.
 */
public final class TestInvocation implements Invocation {

    private final PluginContext context;
    private final Map<String, List<String>> values;
    private final StringWriter printed = new StringWriter();
    private final StringWriter messages = new StringWriter();
    private final PrintWriter out = new PrintWriter(printed);
    private final PrintWriter err = new PrintWriter(messages);

    private TestInvocation(PluginContext context, Map<String, List<String>> values) {
        this.context = context;
        this.values = Map.copyOf(values);
    }

    /** A call without options. */
    public static TestInvocation in(PluginContext context) {
        return new TestInvocation(context, Map.of());
    }

    /** A new call with an option without value. */
    public TestInvocation with(String option) {
        return with(option, List.of());
    }

    /** A new call with an option or argument that has one value. */
    public TestInvocation with(String option, String value) {
        return with(option, List.of(value));
    }

    /** A new call with an option or argument that has these values. */
    public TestInvocation with(String option, List<String> several) {
        Map<String, List<String>> more = new HashMap<>(values);
        more.put(option, List.copyOf(several));
        return new TestInvocation(context, more);
    }

    /**
     * Run a command.
     *
     * @return its exit code
     * @throws IllegalArgumentException when the agent would not accept the options
     */
    public int run(Subcommand command) throws InterruptedException {
        Subcommand.Action action = command.action();
        if (action == null) {
            throw new IllegalArgumentException("command '" + command.name() + "' only groups others");
        }
        for (String name : values.keySet()) {
            if (command.options().stream().noneMatch(option -> option.name().equals(name))) {
                throw new IllegalArgumentException("command '" + command.name() + "' has no option '" + name + "'");
            }
        }
        command.options().forEach(this::check);
        return action.run(this);
    }

    private void check(Option option) {
        List<String> given = values.get(option.name());
        boolean right = switch (option.values()) {
            case NONE -> given == null || given.isEmpty();
            case OPTIONAL -> given == null || given.size() == 1;
            case REQUIRED -> given != null && given.size() == 1;
            case ANY -> true;
        };
        if (!right) {
            throw new IllegalArgumentException("option '" + option.name() + "' takes " + expected(option.values())
                    + ", got " + (given == null ? "none" : given));
        }
    }

    private static String expected(Values values) {
        return switch (values) {
            case NONE -> "no value";
            case OPTIONAL -> "one value, when it is given";
            case REQUIRED -> "one value, and must be given";
            case ANY -> "any values";
        };
    }

    /** The results so far. */
    public String printed() {
        out.flush();
        return printed.toString();
    }

    /** The messages so far. */
    public String messages() {
        err.flush();
        return messages.toString();
    }

    @Override
    public PluginContext context() {
        return context;
    }

    @Override
    public boolean has(String option) {
        return values.containsKey(option);
    }

    @Override
    public Optional<String> value(String option) {
        return values(option).stream().findFirst();
    }

    @Override
    public List<String> values(String option) {
        return values.getOrDefault(option, List.of());
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public PrintWriter err() {
        return err;
    }
}
