// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.SecretFile;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.ProgramAccess;

/** Runs the installed {@code hg}: with the user's configuration, English messages in a stable form, and no prompts. */
final class HgProgram {

    private static final String TO_FILE = "out=$1 && shift && exec hg \"$@\" > \"$out\"";

    private final PluginContext context;

    HgProgram(PluginContext context) {
        this.context = context;
    }

    boolean isInstalled() {
        return Stream.of(variable("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, "hg")));
    }

    /** Runs a command; the caller checks its exit code. */
    CommandResult run(Path directory, Duration limit, List<String> arguments) throws InterruptedException {
        return run(directory, limit, HgConfiguration.NONE, arguments);
    }

    /** Runs a command with configuration that opens hosts. */
    CommandResult run(Path directory, Duration limit, HgConfiguration configuration, List<String> arguments)
            throws InterruptedException {
        requireInstalled();
        Command.Builder command = command(with(List.of("hg"), arguments), directory, limit);
        return context.commands().run(access(configuration).grant(command).build());
    }

    /** What hg, or a program that starts it, gets with configuration that must not be visible anywhere. */
    ProgramAccess access(HgConfiguration configuration) {
        return configuration.text().isEmpty()
                ? ProgramAccess.NONE
                : new ProgramAccess(
                        Map.of("HGRCPATH", configurationFiles() + File.pathSeparator),
                        List.of(new SecretFile(configuration.text(), List.of("HGRCPATH"))));
    }

    /** Run a command whose output, of any size and encoding, goes to a file. */
    CommandResult runTo(Path output, Path directory, Duration limit, List<String> arguments)
            throws InterruptedException {
        requireInstalled();
        List<String> all = with(List.of("sh", "-c", TO_FILE, "hg", output.toString()), arguments);
        return context.commands().run(command(all, directory, limit).build());
    }

    /** hg's error message, without its progress. */
    static String words(CommandResult result) {
        String words = Stream.of(result.output(), result.errors())
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> line.startsWith("abort:")
                        || line.contains("FAILED")
                        || line.startsWith("(")
                        || line.startsWith("remote:"))
                .collect(Collectors.joining("; "));
        return words.isEmpty() ? "hg ended with exit code " + result.exitCode() : words;
    }

    private static List<String> with(List<String> start, List<String> arguments) {
        List<String> all = new ArrayList<>(start);
        all.add("--noninteractive");
        all.addAll(arguments);
        return all;
    }

    private Command.Builder command(List<String> arguments, Path directory, Duration limit) {
        return Command.of(arguments)
                .directory(directory)
                .environment(context.network().variables())
                .environment("HGPLAIN", "1")
                .environment("HGENCODING", "UTF-8")
                .environment("LC_ALL", "C.UTF-8")
                .removeVariable("HGEDITOR")
                .removeVariable("SSH_ASKPASS")
                .timeout(limit);
    }

    /** The files that hg reads by default, since the variable replaces all of them. */
    private String configurationFiles() {
        String configured = variable("HGRCPATH");
        if (!configured.isEmpty()) {
            return configured;
        }
        String home = variable("HOME");
        String config = variable("XDG_CONFIG_HOME").isEmpty() ? home + "/.config" : variable("XDG_CONFIG_HOME");
        return String.join(
                File.pathSeparator,
                "/etc/mercurial/hgrc.d",
                "/etc/mercurial/hgrc",
                home + "/.hgrc",
                config + "/hg/hgrc");
    }

    private String variable(String name) {
        return context.environment().getOrDefault(name, "");
    }

    private void requireInstalled() {
        if (!isInstalled()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING, "program 'hg' is missing; install Mercurial (package 'mercurial')");
        }
    }
}
