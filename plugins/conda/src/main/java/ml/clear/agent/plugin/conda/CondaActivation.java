// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;

/** The variables that make a conda environment the active one, those of its packages' own scripts among them. */
final class CondaActivation {

    private static final String SCRIPTS = "etc/conda/activate.d";
    private static final Set<String> OF_THE_SHELL = Set.of("_", "SHLVL", "PWD", "OLDPWD");

    /** What the scripts print belongs to the console; the variables are all that goes to the standard output. */
    private static final String RUN =
            "for script in \"$CONDA_PREFIX\"/" + SCRIPTS + "/*.sh; do . \"$script\" >&2; done; env -0";

    private final PluginContext context;
    private final Console console;

    CondaActivation(PluginContext context, Console console) {
        this.context = context;
        this.console = console;
    }

    Map<String, String> of(CondaPrefix prefix) throws InterruptedException {
        String path = context.environment().getOrDefault("PATH", "");
        Map<String, String> variables = new HashMap<>();
        variables.put("CONDA_PREFIX", prefix.folder().toString());
        variables.put("CONDA_DEFAULT_ENV", prefix.folder().toString());
        variables.put("CONDA_SHLVL", "1");
        variables.put("PATH", prefix.commands() + (path.isEmpty() ? "" : File.pathSeparator + path));
        if (hasScripts(prefix.folder().resolve(SCRIPTS))) {
            variables.putAll(ofScripts(variables));
        }
        return Map.copyOf(variables);
    }

    private static boolean hasScripts(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(entry -> entry.toString().endsWith(".sh"));
        } catch (IOException e) {
            return false; // a folder that cannot be listed has no scripts that could be run
        }
    }

    private Map<String, String> ofScripts(Map<String, String> before) throws InterruptedException {
        String output;
        try {
            CommandResult result = context.commands()
                    .run(Command.of("bash", "-c", RUN)
                            .environment(before)
                            .timeout(Duration.ofMinutes(2))
                            .build());
            result.errors().lines().forEach(console::line);
            output = result.output();
        } catch (AgentException e) {
            console.line("The activation scripts of the environment are not run: " + e.getMessage());
            return Map.of();
        }
        Map<String, String> changed = new HashMap<>();
        for (String entry : output.split("\0", -1)) {
            int split = entry.indexOf('=');
            if (split <= 0) {
                continue;
            }
            String name = entry.substring(0, split);
            String value = entry.substring(split + 1);
            String old = before.containsKey(name)
                    ? before.get(name)
                    : context.environment().get(name);
            if (!value.equals(old)
                    && !OF_THE_SHELL.contains(name)
                    && !context.network().variables().containsKey(name)) {
                changed.put(name, value);
            }
        }
        return changed;
    }
}
