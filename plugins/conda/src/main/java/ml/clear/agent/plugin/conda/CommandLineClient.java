// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;

/**
 * An installed client. Channels and packages are given in a file that only the user can read, since channels may hold
 * passwords.
 */
final class CommandLineClient implements CondaClient {

    private static final Duration QUESTION = Duration.ofMinutes(2);
    private static final List<String> OTHER_SYSTEMS = List.of("osx-64", "osx-arm64", "win-64");

    private final PluginContext context;
    private final Path program;
    private final Form form;
    private final String version;
    private final Map<String, String> variables;

    /** The forms of command lines. */
    enum Form {
        /** conda, and mamba before 2.0, which passes most of its work to conda. */
        CONDA,
        /** micromamba, and mamba since 2.0. */
        MAMBA
    }

    /**
     * An installed client.
     *
     * @param version its version
     * @param variables environment variables for it
     */
    CommandLineClient(PluginContext context, Path program, Form form, String version, Map<String, String> variables) {
        this.context = context;
        this.program = program;
        this.form = form;
        this.version = version;
        this.variables = Map.copyOf(variables);
    }

    @Override
    public String identity() {
        return program.getFileName() + " " + version;
    }

    @Override
    public Attempt install(Order order, Console console) throws InterruptedException {
        try {
            Path folder = OwnerOnly.createTemporaryFolder(context.cacheFolder(), "conda-");
            try {
                Path file = folder.resolve("environment.yml");
                OwnerOnly.write(file, description(order).getBytes(StandardCharsets.UTF_8));
                if (!order.keep() && Files.isDirectory(order.prefix())) {
                    Folders.delete(order.prefix()); // conda makes the folder itself
                }
                Duration limit = context.settings().get(PackageSettings.INSTALL_TIMEOUT);
                CommandResult result = new InstallerRunner(context.commands())
                        .run(identity(), command(arguments(form, order, file), limit), console);
                return result.succeeded()
                        ? new Attempt.Installed()
                        : CondaFailure.of(
                                identity(), result.exitCode(), result.output() + "\n" + result.errors() + "\n");
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot write the description of an environment for '" + program + "': " + e.getMessage(),
                    e);
        }
    }

    /** The file of the environment; JSON is YAML that all clients read. */
    private static String description(Order order) {
        List<String> channels = new ArrayList<>(order.channels());
        if (!channels.contains("defaults")) {
            channels.add("nodefaults");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("channels", channels);
        members.put(
                "dependencies", order.specs().stream().map(CondaSpec::toString).toList());
        return Json.text(members) + "\n";
    }

    static List<String> arguments(Form form, Order order, Path file) {
        List<String> arguments = new ArrayList<>(
                switch (form) {
                    case CONDA -> List.of("env", order.keep() ? "update" : "create", "--quiet");
                    case MAMBA -> List.of(order.keep() ? "install" : "create", "--yes");
                });
        arguments.addAll(List.of("--prefix", order.prefix().toString(), "--file", file.toString()));
        return arguments;
    }

    @Override
    public Set<String> elsewhere(List<String> channels, Set<String> names, Console console)
            throws InterruptedException {
        List<String> open = channels.stream()
                .filter(channel -> !channel.contains("@") && !channel.contains("/t/"))
                .toList();
        Set<String> found = new HashSet<>();
        for (String name : names) {
            if (!has(open, name, Machine.system()) && hasForOthers(open, name)) {
                found.add(name);
            }
        }
        return found;
    }

    private boolean hasForOthers(List<String> channels, String name) throws InterruptedException {
        for (String system : OTHER_SYSTEMS) {
            if (has(channels, name, system)) {
                return true;
            }
        }
        return false;
    }

    private boolean has(List<String> channels, String name, String system) throws InterruptedException {
        CommandResult result = context.commands().run(command(search(form, channels, name, system), QUESTION));
        return result.succeeded() && !result.output().contains("No entries matching");
    }

    static List<String> search(Form form, List<String> channels, String name, String system) {
        List<String> arguments = new ArrayList<>(List.of("search", "--override-channels"));
        channels.forEach(channel -> arguments.addAll(List.of("--channel", channel)));
        arguments.addAll(List.of(form == Form.CONDA ? "--subdir" : "--platform", system, name));
        return arguments;
    }

    @Override
    public Optional<Path> base() throws InterruptedException {
        if (form == Form.MAMBA) {
            return Optional.ofNullable(context.environment().get("MAMBA_ROOT_PREFIX"))
                    .map(Path::of)
                    .filter(CondaPrefix::isOne);
        }
        CommandResult result = context.commands().run(command(List.of("info", "--base"), QUESTION));
        return result.output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("/"))
                .map(Path::of)
                .filter(CondaPrefix::isOne)
                .findFirst();
    }

    private Command command(List<String> arguments, Duration limit) {
        return Command.of(program.toString())
                .arguments(arguments)
                .environment(variables)
                .removeVariable("PYTHONPATH")
                .removeVariable("PYTHONHOME")
                .timeout(limit)
                .build();
    }
}
