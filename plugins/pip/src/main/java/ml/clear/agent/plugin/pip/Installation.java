// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.pythonsupport.RepositoryAddresses;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * Installs requirements into an environment, in as few runs of pip as their order allows: those that may fail first, then
 * all from indexes together, then those that need the others, then the task's own sources.
 */
final class Installation {

    private static final String ENCODING = "# -*- coding: utf-8 -*-\n";

    private final InstallationTarget target;
    private final PipSettings settings;
    private final PipCommands commands;
    private final CommandRunner runner;
    private final Console console;
    private final Path directory;
    private final List<String> options;
    private final List<String> flags;

    Installation(
            InstallationTarget target,
            PipSettings settings,
            PipCommands commands,
            CommandRunner runner,
            Console console,
            Path directory,
            List<String> options) {
        this.target = target;
        this.settings = settings;
        this.commands = commands;
        this.runner = runner;
        this.console = console;
        this.directory = directory;
        this.options = List.copyOf(options);
        this.flags = flags(target, settings);
    }

    private static List<String> flags(InstallationTarget target, PipSettings settings) {
        List<String> flags = new ArrayList<>();
        boolean legacy = target.pip()
                .filter(version -> settings.legacyResolver().stream()
                        .anyMatch(rule -> rule.versions().contains(version)))
                .isPresent();
        if (legacy) {
            flags.add("--use-deprecated=legacy-resolver");
        }
        flags.addAll(settings.installFlags());
        if (settings.forceUpgrade()) {
            flags.add("--upgrade");
        }
        return flags;
    }

    /** Install everything. */
    void all(RequirementSet required) throws InterruptedException {
        if (required.requirements().stream().anyMatch(Requirement::hashed)) {
            require(required.requirements(), List.of()); // pip checks digests of all or of none
            return;
        }
        Predicate<Requirement> movable = Requirement::movable;
        Predicate<Requirement> early = named(settings.priorityOptional());
        Predicate<Requirement> late = named(settings.post()).or(named(settings.postOptional()));
        for (Requirement one : select(required, movable.negate().and(early))) {
            attempt(one);
        }
        require(
                select(required, movable.or(early).or(late).negate()),
                select(
                        required,
                        movable.negate().and(named(settings.priority())).and(late.negate())));
        require(select(required, movable.negate().and(named(settings.post()))), List.of());
        for (Requirement one : select(required, movable.negate().and(named(settings.postOptional())))) {
            attempt(one);
        }
        own(required);
    }

    /** Install the task's own sources and what has no fixed version. */
    void own(RequirementSet required) throws InterruptedException {
        require(select(required, Requirement::movable), List.of());
    }

    /** Remove packages, so that the same version is installed anew. */
    void remove(List<String> names) throws InterruptedException {
        if (!names.isEmpty()) {
            CommandResult result = runner.run(commands.uninstall(target.python(), names, directory), console);
            if (!result.succeeded()) {
                throw PipFailure.of(result, String.join(", ", names));
            }
        }
    }

    private void require(List<Requirement> requirements, List<Requirement> first) throws InterruptedException {
        if (requirements.isEmpty()) {
            return;
        }
        CommandResult result = install(requirements);
        if (!result.succeeded() && PipFailure.building(result) && !first.isEmpty()) {
            console.line("Building failed; trying again with " + String.join(", ", names(first)) + " installed first");
            CommandResult before = install(first);
            result = before.succeeded() ? install(requirements) : before;
        }
        if (!result.succeeded()) {
            throw PipFailure.of(result, requirements);
        }
    }

    private void attempt(Requirement optional) throws InterruptedException {
        CommandResult result = install(List.of(optional));
        if (!result.succeeded()) {
            console.line("Leaving out '" + optional.text() + "', which is optional and cannot be installed");
        }
    }

    private CommandResult install(List<Requirement> requirements) throws InterruptedException {
        String lines = Stream.concat(options.stream(), requirements.stream().map(Requirement::text))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        if (lines.chars().anyMatch(letter -> letter > 127)) {
            lines = ENCODING + lines; // pip would read it in the encoding of its locale
        }
        Path file = target.scratch().resolve("requirements-to-install.txt");
        try {
            OwnerOnly.replace(file, lines.getBytes(StandardCharsets.UTF_8));
            try (TemporaryFolder temporary = TemporaryFolder.in(target.scratch())) {
                return runner.run(
                        commands.install(
                                target.python(),
                                file,
                                directory,
                                flags,
                                temporary,
                                RepositoryAddresses.of(requirements)),
                        console);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write '" + file + "' for pip: " + e.getMessage(), e);
        }
    }

    private static List<Requirement> select(RequirementSet required, Predicate<Requirement> condition) {
        return required.only(condition).requirements();
    }

    private static Predicate<Requirement> named(List<String> names) {
        return requirement -> names.contains(requirement.name());
    }

    private static List<String> names(List<Requirement> requirements) {
        return requirements.stream().map(Requirement::name).toList();
    }
}
