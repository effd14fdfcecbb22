// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.SetupCheck;
import ml.clear.agent.runtime.config.CheckedConfiguration;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.ConfigurationEditor;
import ml.clear.agent.runtime.config.ConfigurationExplanation;
import ml.clear.agent.runtime.config.ConfigurationReference;
import ml.clear.agent.runtime.config.ConfigurationReport;
import ml.clear.agent.runtime.config.ConfigurationSchema;
import ml.clear.agent.runtime.config.PrintoutSettings.Printout;
import ml.clear.agent.runtime.config.Problem;

/** {@code config}: the configuration shows, checks, explains and edits itself; alone it shows all, as the Python agent's does. */
final class ConfigCommand {

    private static final Option ORIGIN =
            Option.flag("--origin", "also show where each value comes from: file and line, variable or default");
    private static final Option ALL = Option.flag("--all", "also show the defaults");
    private static final Option STRICT = Option.flag("--strict", "fail on warnings, such as unknown keys, as well");
    private static final Option CHECK =
            Option.flag("--check", "also check folders, interpreter, server and credentials that it names");
    private static final Option KEY = Option.argument("key", "a key such as agent.venvs_cache.path");
    private static final Option FILE = Option.arguments("file", "the file to check instead of the usual ones");
    private static final Option VALUE =
            Option.argument("value", "the value as it is written in the file; - reads it from standard input");
    private static final String STANDARD_INPUT = "-";

    private final Supplier<Agent> usual;
    private final Function<Path, Agent> forFile;

    private ConfigCommand(Supplier<Agent> usual, Function<Path, Agent> forFile) {
        this.usual = usual;
        this.forFile = forFile;
    }

    /**
     * The command.
     *
     * @param forFile an agent that reads this file instead of the usual ones
     */
    static Subcommand of(Supplier<Agent> usual, Function<Path, Agent> forFile) {
        ConfigCommand command = new ConfigCommand(usual, forFile);
        return new Subcommand(
                "config",
                "Show, check, explain and edit the configuration",
                List.of(ORIGIN),
                List.of(
                        Subcommand.of(
                                "show",
                                "Print what files and variables set, with secrets masked",
                                List.of(ORIGIN, ALL),
                                invocation -> command.show(
                                        invocation, invocation.has(ALL.name()) ? Printout.ALL : Printout.SET)),
                        Subcommand.of(
                                "get",
                                "Print the value of a key, its default where it is not set; secrets are masked",
                                List.of(KEY),
                                command::get),
                        Subcommand.of(
                                "set",
                                "Set a key in the configuration file, keeping comments and order",
                                List.of(KEY, VALUE),
                                command::set),
                        Subcommand.of(
                                "explain",
                                "Explain keys, sections, members of lists and variables",
                                List.of(Option.arguments(
                                        "key", "a key such as agent.venvs_cache.path, a section, or a variable")),
                                command::explain),
                        Subcommand.of(
                                "validate",
                                "Print everything that is wrong with the configuration; exit code 78 when it cannot be used",
                                List.of(FILE, STRICT, CHECK),
                                command::validate),
                        Subcommand.of(
                                "schema",
                                "Print the JSON Schema of the configuration file, for editors",
                                List.of(),
                                invocation -> {
                                    invocation.out().print(new ConfigurationSchema(command.configuration()).json());
                                    return ExitCode.OK;
                                }),
                        Subcommand.of("reference", "Print a table of all keys, in Markdown", List.of(), invocation -> {
                            invocation.out().print(new ConfigurationReference(command.configuration()).markdown());
                            return ExitCode.OK;
                        })),
                command::showAsTheFileIsWritten);
    }

    private Configuration configuration() {
        return usual.get().configurationCheck().result().configuration();
    }

    /** A configuration of which a part could be read only is not shown as if it were whole. */
    private CheckedConfiguration readable() {
        CheckedConfiguration checked = usual.get().configurationCheck().result();
        checked.orThrow(problem -> problem.kind() == Problem.Kind.SYNTAX);
        return checked;
    }

    private int show(Invocation invocation, Printout which) {
        CheckedConfiguration checked = readable();
        invocation.out().print(new ConfigurationReport(checked).show(which, invocation.has(ORIGIN.name())));
        Warnings.print(checked.errors(), invocation.err());
        return ExitCode.OK;
    }

    /** With origins the lines of {@code config show}, which has a place for them. */
    private int showAsTheFileIsWritten(Invocation invocation) {
        if (invocation.has(ORIGIN.name())) {
            return show(invocation, Printout.ALL);
        }
        CheckedConfiguration checked = readable();
        invocation
                .out()
                .print(new ConfigurationReport(checked)
                        .hocon(usual.get().process().version()));
        Warnings.print(checked.errors(), invocation.err());
        return ExitCode.OK;
    }

    private int get(Invocation invocation) {
        String key = invocation.value(KEY.name()).orElse("");
        Optional<List<String>> value = new ConfigurationReport(readable()).value(key);
        if (value.isEmpty()) {
            return unknown(key, invocation);
        }
        value.get().forEach(invocation.out()::println);
        return value.get().isEmpty() ? ExitCode.ERROR : ExitCode.OK;
    }

    private int explain(Invocation invocation) {
        List<String> keys = invocation.values(KEY.name());
        if (keys.isEmpty()) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    "config explain needs a key, a section or a variable, such as agent.venvs_cache.path");
        }
        ConfigurationExplanation explanation =
                new ConfigurationExplanation(readable().configuration());
        List<String> texts = new ArrayList<>();
        int exit = ExitCode.OK;
        for (String key : keys) {
            Optional<String> text = explanation.of(key);
            text.ifPresent(texts::add);
            exit = text.isPresent() ? exit : unknown(key, invocation);
        }
        invocation.out().print(String.join("\n", texts));
        return exit;
    }

    private int unknown(String key, Invocation invocation) {
        invocation.err().println("clearml-agent: error: " + new ConfigurationExplanation(configuration()).unknown(key));
        return ExitCode.ERROR;
    }

    private int set(Invocation invocation) {
        String key = invocation.value(KEY.name()).orElse("");
        Configuration configuration = configuration();
        Optional<Setting<?>> setting = configuration.setting(key);
        if (setting.isEmpty()) {
            return unknown(key, invocation);
        }
        Path file = usual.get().sources().file();
        try {
            Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            String text = Files.exists(real) ? Files.readString(real) : "";
            String value = invocation.value(VALUE.name()).orElse("");
            String wanted = value.equals(STANDARD_INPUT) ? StandardInput.line() : value;
            String changed =
                    new ConfigurationEditor(real, usual.get().process().environment()).set(text, setting.get(), wanted);
            OwnerOnly.replace(real, changed.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot change '" + file + "': " + e, e);
        }
        setting.get().environment().stream()
                .filter(usual.get().process().environment()::containsKey)
                .findFirst()
                .ifPresent(variable -> invocation
                        .err()
                        .println("clearml-agent: warning: variable " + variable + " is stronger than the file"));
        return ExitCode.OK;
    }

    private int validate(Invocation invocation) throws InterruptedException {
        try {
            return checked(invocation);
        } catch (AgentException e) {
            if (e.code() != ErrorCode.CONFIGURATION_INVALID) {
                throw e;
            }
            invocation.err().println("clearml-agent: error: " + e.getMessage()); // such as a file that does not exist
            return ExitCode.CONFIGURATION;
        }
    }

    private int checked(Invocation invocation) throws InterruptedException {
        List<String> files = invocation.values(FILE.name());
        Agent agent = files.isEmpty() ? usual.get() : forFile.apply(Path.of(files.getFirst()));
        CheckedConfiguration checked = agent.configurationCheck().result();
        List<Problem> more = new ArrayList<>(agent.configurationCheck().selectionProblems());
        if (invocation.has(CHECK.name()) && checked.errors().isEmpty()) {
            more.addAll(new SetupCheck(agent).run());
        }
        invocation.out().print(new ConfigurationReport(checked).validate(more));
        boolean bad = Stream.concat(checked.problems().stream(), more.stream())
                .map(Problem::severity)
                .anyMatch(severity -> severity == Problem.Severity.ERROR
                        || (severity == Problem.Severity.WARNING && invocation.has(STRICT.name())));
        return bad ? ExitCode.CONFIGURATION : ExitCode.OK;
    }
}
