// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * The packages of an environment that pip installs. The package manager {@code pip} does the work; it must keep the versions
 * that came from channels, so that no package, torch above all, is there in two builds.
 */
final class PipPart {

    /** Tools that pip may bring to another version. */
    private static final Set<String> TOOLS = Set.of("pip", "setuptools", "wheel");

    private final PluginContext context;
    private final EnvironmentRequest request;

    PipPart(PluginContext context, EnvironmentRequest request) {
        this.context = context;
        this.request = request;
    }

    /** Install into an environment. */
    void install(CondaPrefix prefix, RequirementSet required) throws InterruptedException {
        if (required.requirements().isEmpty()) {
            return;
        }
        try {
            Path scratch = OwnerOnly.createTemporaryFolder(context.cacheFolder(), "pip-");
            try {
                requirePip(prefix);
                Path constraints = scratch.resolve("packages-of-channels.txt");
                OwnerOnly.write(
                        constraints,
                        (String.join("\n", constraints(prefix, required)) + "\n").getBytes(StandardCharsets.UTF_8));
                context.packageManager("pip")
                        .plan(request(prefix, required, constraints))
                        .build(scratch.resolve("work"));
            } finally {
                Folders.delete(scratch);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot use '" + context.cacheFolder() + "' to install with pip: " + e.getMessage(),
                    e);
        }
    }

    private EnvironmentRequest request(CondaPrefix prefix, RequirementSet required, Path constraints) {
        List<String> lines = new ArrayList<>();
        required.options().forEach(option -> lines.add(option.text()));
        Stream.concat(required.constraints().stream(), Stream.of(constraints)).forEach(file -> lines.add("-c " + file));
        required.requirements().forEach(requirement -> lines.add(requirement.text()));
        SourceTree sources = request.sources();
        return new EnvironmentRequest(
                "",
                Requirements.ofPip(lines),
                new SourceTree(sources.root(), sources.scriptFolder(), false),
                new Target.Existing(prefix.python().toString()),
                request.console());
    }

    /** The versions of the channels, except of packages that pip is asked for by name. */
    private static List<String> constraints(CondaPrefix prefix, RequirementSet required) {
        return prefix.fromChannels().stream()
                .filter(one -> !TOOLS.contains(one.normalName()))
                .filter(one -> required.named(one.name()).isEmpty())
                .map(one -> one.name() + "==" + one.version())
                .toList();
    }

    private void requirePip(CondaPrefix prefix) throws InterruptedException {
        boolean there = prefix.pythonPackages().stream()
                .anyMatch(one -> one.normalName().equals("pip"));
        if (there) {
            return;
        }
        CommandResult result = context.commands()
                .run(Command.of(prefix.python().toString(), "-I", "-m", "ensurepip", "--default-pip")
                        .build());
        if (!result.succeeded()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "the channels have no pip for the packages that pip installs, and Python's own cannot be used: "
                            + CondaFailure.last(result.output() + result.errors()));
        }
    }

    /** Install what lies in the task's own sources again: a copy of an environment names the folder of another task. */
    void renew(CondaPrefix prefix, RequirementSet required) throws InterruptedException {
        RequirementSet movable = required.only(Requirement::movable);
        List<String> names = prefix.fromPip().stream()
                .filter(Installed::movable)
                .map(Installed::name)
                .toList();
        if (movable.requirements().isEmpty()) {
            return;
        }
        if (!names.isEmpty()) {
            CommandResult result = context.commands()
                    .run(Command.of(prefix.python().toString(), "-m", "pip", "uninstall", "--yes")
                            .arguments(names)
                            .directory(request.sources().root())
                            .build());
            if (!result.succeeded()) {
                throw new AgentException(
                        ErrorCode.PROGRAM_MISSING,
                        "pip cannot remove " + String.join(", ", names) + ": " + CondaFailure.last(result.errors()));
            }
        }
        install(prefix, movable);
    }
}
