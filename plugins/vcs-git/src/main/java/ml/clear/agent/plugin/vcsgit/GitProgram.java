// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.SecretFile;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.ProgramAccess;

/**
 * Runs the installed git. Every command has the user's configuration, the same few keys in front of it, English
 * messages, no prompts, and no settings of a repository that the agent may have been started in.
 */
final class GitProgram {

    private static final int[] OLDEST = {2, 31};
    private static final Pattern VERSION = Pattern.compile("git version (\\d+)\\.(\\d+).*", Pattern.DOTALL);

    /** Variables for network access; all other variables of git describe a repository or a debugging session. */
    private static final Pattern KEPT =
            Pattern.compile("GIT_(SSL_|SSH|CONFIG_(COUNT|KEY_|VALUE_|GLOBAL|SYSTEM|NOSYSTEM)"
                    + "|PROXY_|HTTP_|LFS_|ASKPASS|EXEC_PATH|ALLOW_PROTOCOL).*");

    /** The limit of a program's output that is kept in memory. */
    private static final String TO_FILE = "exec git \"$@\" > \"$0\"";

    private final PluginContext context;
    private boolean checked;

    GitProgram(PluginContext context) {
        this.context = context;
    }

    /** Run a command that must succeed. */
    CommandResult run(GitCommand command) throws GitFailure, InterruptedException {
        return run(command, line -> {});
    }

    /** Run a command that must succeed; the console gets every state of its progress. */
    CommandResult run(GitCommand command, Console console) throws GitFailure, InterruptedException {
        CommandResult result = attempt(command, console);
        if (!result.succeeded()) {
            throw new GitFailure(command, result);
        }
        return result;
    }

    /** Run a command that may fail. */
    CommandResult attempt(GitCommand command) throws InterruptedException {
        return attempt(command, line -> {});
    }

    /** Run a command that must succeed and lists names, each ended by a zero byte, as many as there may be. */
    List<String> names(GitCommand command) throws IOException, InterruptedException {
        requireUsable();
        Path file = context.cacheFolder().resolve("names-" + UUID.randomUUID());
        try {
            List<String> arguments = new ArrayList<>(List.of("sh", "-c", TO_FILE, file.toString()));
            arguments.addAll(command.arguments());
            CommandResult result = context.commands().run(described(command, arguments));
            if (!result.succeeded()) {
                throw new GitFailure(command, result);
            }
            return Stream.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"))
                    .filter(name -> !name.isEmpty())
                    .toList();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    CommandResult attempt(GitCommand command, Console console) throws InterruptedException {
        requireUsable();
        List<String> arguments = new ArrayList<>(List.of("git"));
        arguments.addAll(command.arguments());
        return context.commands().run(described(command, arguments), console);
    }

    /** Whether a program is in {@code PATH}. */
    boolean hasProgram(String name) {
        for (String folder : context.environment().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
                return true;
            }
        }
        return false;
    }

    private Command described(GitCommand command, List<String> arguments) {
        Command.Builder builder = Command.of(arguments)
                .directory(command.directory())
                .environment("GIT_TERMINAL_PROMPT", "0")
                .environment("GCM_INTERACTIVE", "never")
                .environment("GIT_OPTIONAL_LOCKS", "0")
                // References reads mirrors in this format, which was the only one before git 2.45
                .environment("GIT_DEFAULT_REF_FORMAT", "files")
                .environment("LC_ALL", "C")
                .environment(command.environment())
                // prompts in a window; GIT_ASKPASS, which is set only for git, is kept
                .removeVariable("SSH_ASKPASS")
                .timeout(command.limit())
                .showStates();
        context.environment().keySet().stream()
                .filter(name -> name.startsWith("GIT_") && !KEPT.matcher(name).matches())
                .filter(name -> !command.environment().containsKey(name))
                .forEach(builder::removeVariable);
        return access(configuration(command).entrySet(), command.secrets())
                .grant(builder)
                .build();
    }

    private static Map<String, String> configuration(GitCommand command) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("safe.directory", "*");
        keys.put("core.hooksPath", "/dev/null");
        keys.put("core.quotePath", "false");
        keys.put("gc.auto", "0");
        keys.put("maintenance.auto", "false");
        keys.put("advice.detachedHead", "false");
        keys.put("color.ui", "false");
        keys.putAll(command.config());
        return keys;
    }

    /** Keys of git's configuration as variables, after those that the user sets in this way; the secrets come last. */
    ProgramAccess access(Collection<Map.Entry<String, String>> keys, SecretConfiguration secrets) {
        int count = usersCount();
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, String> key : keys) {
            variables.put("GIT_CONFIG_KEY_" + count, key.getKey());
            variables.put("GIT_CONFIG_VALUE_" + count, key.getValue());
            count++;
        }
        List<SecretFile> files = new ArrayList<>();
        if (!secrets.isEmpty()) {
            variables.put("GIT_CONFIG_KEY_" + count, "include.path");
            files.add(new SecretFile(
                    secrets.text(), List.of("GIT_CONFIG_VALUE_" + count, SecretConfiguration.PLACE_VARIABLE)));
            count++;
        }
        variables.put("GIT_CONFIG_COUNT", String.valueOf(count));
        return new ProgramAccess(variables, files);
    }

    private int usersCount() {
        String count =
                context.environment().getOrDefault("GIT_CONFIG_COUNT", "").strip();
        return count.matches("\\d{1,6}") ? Integer.parseInt(count) : 0;
    }

    /** Checks once per run of the agent that git is installed and new enough. */
    private synchronized void requireUsable() throws InterruptedException {
        if (checked) {
            return;
        }
        if (!hasProgram("git")) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "program 'git' is not in PATH; install it, for instance with the package 'git' of your system");
        }
        String answer =
                context.commands().run(Command.of("git", "version").build()).output();
        if (!isNewEnough(answer)) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "the installed git says '" + answer.strip() + "', and the agent needs version " + OLDEST[0] + "."
                            + OLDEST[1] + " or newer; update the package 'git'");
        }
        checked = true;
    }

    static boolean isNewEnough(String answer) {
        Matcher version = VERSION.matcher(answer);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        return major > OLDEST[0] || (major == OLDEST[0] && minor >= OLDEST[1]);
    }
}
