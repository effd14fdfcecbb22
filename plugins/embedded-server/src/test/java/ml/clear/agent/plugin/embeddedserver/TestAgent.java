// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;

/** The command line of the agent, as far as this plugin's subcommands need it. The first argument is the state folder. */
final class TestAgent {

    private TestAgent() {}

    public static void main(String[] arguments) throws InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<String> words = List.of(arguments).subList(1, arguments.length);
        System.exit(run(TestContext.in(Path.of(arguments[0])), words, out));
    }

    /** Run a command in this process; returns what it says after its exit code. */
    static String run(PluginContext context, String... words) throws InterruptedException {
        StringWriter text = new StringWriter();
        int code = run(context, List.of(words), text);
        return code + " " + text;
    }

    private static int run(PluginContext context, List<String> words, Writer writer) throws InterruptedException {
        PrintWriter out = new PrintWriter(writer, true);
        List<Subcommand> commands = new EmbeddedServerPlugin().subcommands();
        int next = 0;
        while (true) {
            String name = words.get(next++);
            Subcommand command = commands.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no command " + name));
            Subcommand.Action action = command.action();
            if (action != null) {
                try {
                    return action.run(new Parsed(context, command, words.subList(next, words.size()), out));
                } catch (AgentException e) {
                    out.println(e.getMessage());
                    return 1;
                }
            }
            commands = command.children();
        }
    }

    private static final class Parsed implements Subcommand.Invocation {

        private final PluginContext context;
        private final PrintWriter out;
        private final Map<String, String> values = new HashMap<>();

        Parsed(PluginContext context, Subcommand command, List<String> words, PrintWriter out) {
            this.context = context;
            this.out = out;
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                Subcommand.Option option = command.options().stream()
                        .filter(candidate ->
                                word.startsWith("--") ? candidate.name().equals(word) : candidate.positional())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no option " + word));
                boolean flag = option.valueName().isEmpty();
                boolean positional = !word.startsWith("--");
                values.put(option.name(), flag ? "" : positional ? word : words.get(++i));
            }
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
            return Optional.ofNullable(values.get(option));
        }

        @Override
        public List<String> values(String option) {
            return value(option).stream().toList();
        }

        @Override
        public PrintWriter out() {
            return out;
        }

        @Override
        public PrintWriter err() {
            return out;
        }
    }
}
