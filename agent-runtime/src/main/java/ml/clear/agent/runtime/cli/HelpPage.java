// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How the help of a command is arranged.
 *
 * @param groups the headings and the names of the options below them; all others stand below the last heading
 * @param hidden the options that only the agent itself gives
 * @param examples calls that work as they stand
 */
record HelpPage(List<Group> groups, Set<String> hidden, List<String> examples) {

    private static final String OTHERS = "Options";

    /** Above this number the synopsis does not name each option. */
    private static final int OPTIONS_OF_A_SYNOPSIS = 6;

    private static final HelpPage PLAIN = new HelpPage(List.of(), Set.of(), List.of());

    private static final Map<String, HelpPage> PAGES = Map.of(
            CommandTree.PROGRAM,
            new HelpPage(
                    List.of(),
                    Set.of(),
                    List.of(
                            "clearml-agent run train.py -- --epochs 3",
                            "clearml-agent daemon --queue default --detached",
                            "clearml-agent execute --id 0123456789abcdef0123456789abcdef",
                            "clearml-agent config explain agent.package_manager.type")),
            "run",
            new HelpPage(
                    List.of(),
                    Set.of(),
                    List.of(
                            "clearml-agent run train.py",
                            "clearml-agent run train.py --project vision --name 'first try' -- --epochs 3")),
            "daemon",
            new HelpPage(
                    List.of(
                            new Group(
                                    "Queues",
                                    "--queue",
                                    "--create-queue",
                                    "--order-fairness",
                                    "--polling-interval",
                                    "--uptime",
                                    "--downtime"),
                            new Group("Resources", "--services-mode", "--gpus", "--cpu-only", "--dynamic-gpus"),
                            new Group(
                                    "Tasks",
                                    "--git-user",
                                    "--git-pass",
                                    "--log-level",
                                    "--child-report-tags",
                                    "--standalone-mode",
                                    "-O",
                                    "-OO"),
                            new Group("Daemons of this machine", "--status", "--stop", "--abort")),
                    Set.of("--log"),
                    List.of(
                            "clearml-agent daemon --queue urgent default --detached",
                            "clearml-agent daemon --queue default --gpus 0,1 --foreground",
                            "clearml-agent daemon --status",
                            "clearml-agent daemon --stop")),
            "execute",
            new HelpPage(
                    List.of(
                            new Group("Task", "--id", "--clone", "--require-queue", "--force"),
                            new Group("Resources", "--gpus", "--cpu-only"),
                            new Group("Environment", "--git-user", "--git-pass", "--standalone-mode", "-O", "-OO"),
                            new Group(
                                    "Reports",
                                    "--log-level",
                                    "--log-file",
                                    "--disable-monitoring",
                                    "--full-monitoring")),
                    Set.of("--resume"),
                    List.of("clearml-agent execute --id 0123456789abcdef0123456789abcdef --clone")),
            "build",
            new HelpPage(
                    List.of(),
                    Set.of(),
                    List.of(
                            "clearml-agent build --id 0123456789abcdef0123456789abcdef --target environment",
                            "clearml-agent build --id 0123456789abcdef0123456789abcdef --docker --target trained"
                                    + " --entry-point clone_task")),
            "plugins",
            new HelpPage(
                    List.of(),
                    Set.of(),
                    List.of(
                            "clearml-agent plugins list",
                            "clearml-agent plugins new my-plugin --package com.acme.plugin",
                            "clearml-agent plugins verify my-plugin/target/my-plugin-1.0.0.jar",
                            "clearml-agent plugins install my-plugin/target/my-plugin-1.0.0.jar")),
            "storage",
            new HelpPage(
                    List.of(),
                    Set.of(),
                    List.of(
                            "clearml-agent storage check s3://bucket/models",
                            "clearml-agent storage cp model.pt s3://bucket/models/",
                            "clearml-agent storage sync data s3://bucket/data --delete")));

    /** A heading and the names of its options. */
    record Group(String heading, List<String> options) {

        Group(String heading, String... options) {
            this(heading, List.of(options));
        }
    }

    /** The one of a command; of one that has none, all options below one heading. */
    static HelpPage of(String command) {
        return PAGES.getOrDefault(command, PLAIN);
    }

    /** Arrange the help of a command whose options are there already. */
    void arrange(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        long shown = spec.options().stream().filter(option -> !option.hidden()).count();
        usage.abbreviateSynopsis(shown > OPTIONS_OF_A_SYNOPSIS);
        usage.parameterListHeading("%nArguments:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, _ -> "");
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::options);
        if (!examples.isEmpty()) {
            usage.footerHeading("%nExamples:%n");
            usage.footer(examples.stream().map(example -> "  " + example).toArray(String[]::new));
        }
    }

    private String options(Help help) {
        List<OptionSpec> left = new ArrayList<>(help.commandSpec().options());
        left.removeIf(OptionSpec::hidden);
        StringBuilder text = new StringBuilder();
        for (Group group : groups) {
            List<OptionSpec> own = left.stream()
                    .filter(option -> group.options().contains(option.longestName()))
                    .toList();
            left.removeAll(own);
            text.append(section(help, group.heading(), own));
        }
        return text.append(section(help, OTHERS, left)).toString();
    }

    private static String section(Help help, String heading, List<OptionSpec> options) {
        if (options.isEmpty()) {
            return "";
        }
        Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.parameterLabelRenderer());
        return System.lineSeparator() + heading + ":" + System.lineSeparator() + layout;
    }
}
