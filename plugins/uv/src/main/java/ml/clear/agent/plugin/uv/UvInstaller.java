// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.install.InstallationTarget;
import ml.clear.agent.plugin.pythonsupport.install.Installer;
import ml.clear.agent.plugin.pythonsupport.install.PackageOptions;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/** Installs lists of requirements with {@code uv pip}; the environment needs no pip. */
record UvInstaller(
        PluginContext context, UvSettings settings, UvCommands commands, UvProgram uv, Interpreter interpreter)
        implements Installer {

    private static final Pattern BUILD = Pattern.compile("==[0-9.]+\\+[a-z]");

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>(UvIdentity.of(context, settings, uv));
        identity.put("manager", UvPackageManager.LISTS);
        identity.put("flags", String.join(" ", flags()));
        return identity;
    }

    private List<String> flags() {
        List<String> flags =
                new ArrayList<>(PackageOptions.words(context.settings().get(PackageSettings.INSTALL_FLAGS)));
        if (context.settings().get(PackageSettings.FORCE_UPGRADE)) {
            flags.add("--upgrade");
        }
        return flags;
    }

    @Override
    public VirtualEnvironment create(Path folder, Console console) {
        return VirtualEnvironment.create(
                interpreter, folder, context.settings().get(PackageSettings.SYSTEM_SITE_PACKAGES));
    }

    /** uv installs into any interpreter. */
    @Override
    public void requireUsable(Interpreter existing) {}

    @Override
    public CommandResult install(
            InstallationTarget target,
            Path file,
            List<RepositoryAddress> sources,
            TemporaryFolder temporary,
            Console console)
            throws InterruptedException {
        ProgramAccess access =
                sources.isEmpty() ? ProgramAccess.NONE : context.repositories().to(sources);
        List<String> flags = new ArrayList<>(flags());
        flags.addAll(asArguments(file));
        return new InstallerRunner(context.commands())
                .run(
                        "uv",
                        commands.pipInstall(uv, target.python(), file, target.directory(), flags, access, temporary),
                        console);
    }

    /** Options that pip reads in requirements files and uv as arguments alone. */
    private static List<String> asArguments(Path file) {
        List<String> arguments = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] words = line.strip().split("[\\s=]+", 2);
                switch (words[0]) {
                    case "--pre" -> arguments.add("--prerelease=allow");
                    case "--trusted-host" -> {
                        if (words.length > 1) {
                            arguments.addAll(List.of("--allow-insecure-host", words[1]));
                        }
                    }
                    default -> {
                        // the index of torch's builds holds old versions of other packages, which must not win
                        if (line.startsWith("torch") && BUILD.matcher(line).find()) {
                            arguments.add("--index-strategy=unsafe-best-match");
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot read '" + file + "': " + e.getMessage(), e);
        }
        return arguments.stream().distinct().toList();
    }

    @Override
    public CommandResult uninstall(InstallationTarget target, List<String> packages, Console console)
            throws InterruptedException {
        return context.commands()
                .run(commands.pipUninstall(uv, target.python(), packages, target.directory()), console);
    }

    @Override
    public CommandResult freeze(InstallationTarget target) throws InterruptedException {
        return context.commands().run(commands.pipFreeze(uv, target.python(), target.directory()));
    }

    @Override
    public boolean buildFailed(CommandResult result) {
        return UvFailure.building(result);
    }

    @Override
    public AgentException failure(CommandResult result, List<Requirement> requirements) {
        return UvFailure.of(result, "the requirements", requirements);
    }
}
