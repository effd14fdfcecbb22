// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.pythonsupport.RepositoryAddresses;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/**
 * Installs requirements into an environment, in as few runs of an installer as their order allows: those that may fail first, then
 * all from indexes together, then those that need the others, then the task's own sources.
 */
final class Installation {

    private static final String ENCODING = "# -*- coding: utf-8 -*-\n";

    private final Installer installer;
    private final InstallationTarget target;
    private final InstallationOrder order;
    private final List<String> options;
    private final StoredPackages stored;
    private final Console console;

    /** Options are lines that stand before the requirements: indexes, constraints. */
    Installation(
            Installer installer,
            InstallationTarget target,
            InstallationOrder order,
            List<String> options,
            StoredPackages stored,
            Console console) {
        this.installer = installer;
        this.target = target;
        this.order = order;
        this.options = List.copyOf(options);
        this.stored = stored;
        this.console = console;
    }

    /** Install everything. */
    void all(RequirementSet required) throws InterruptedException {
        if (required.requirements().stream().anyMatch(Requirement::hashed)) {
            require(required.requirements(), List.of()); // installers check digests of all or of none
            return;
        }
        Predicate<Requirement> movable = Requirement::movable;
        Predicate<Requirement> early = named(order.priorityOptional());
        Predicate<Requirement> late = named(order.post()).or(named(order.postOptional()));
        for (Requirement one : select(required, movable.negate().and(early))) {
            attempt(one);
        }
        require(
                select(required, movable.or(early).or(late).negate()),
                select(required, movable.negate().and(named(order.priority())).and(late.negate())));
        require(select(required, movable.negate().and(named(order.post()))), List.of());
        for (Requirement one : select(required, movable.negate().and(named(order.postOptional())))) {
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
            CommandResult result = installer.uninstall(target, names, console);
            if (!result.succeeded()) {
                throw installer.failure(result, List.of());
            }
        }
    }

    private void require(List<Requirement> requirements, List<Requirement> first) throws InterruptedException {
        if (requirements.isEmpty()) {
            return;
        }
        CommandResult result = install(requirements);
        if (!result.succeeded() && installer.buildFailed(result) && !first.isEmpty()) {
            console.line("Building failed; trying again with " + String.join(", ", names(first)) + " installed first");
            CommandResult before = install(first);
            result = before.succeeded() ? install(requirements) : before;
        }
        if (!result.succeeded()) {
            throw installer.failure(result, requirements);
        }
    }

    private void attempt(Requirement optional) throws InterruptedException {
        CommandResult result = install(List.of(optional));
        if (!result.succeeded()) {
            console.line("Leaving out '" + optional.text() + "', which is optional and cannot be installed");
        }
    }

    private CommandResult install(List<Requirement> requirements) throws InterruptedException {
        Path file = target.scratch().resolve("requirements-to-install.txt");
        try (TemporaryFolder temporary = TemporaryFolder.in(target.scratch())) {
            OwnerOnly.replace(
                    file,
                    text(stored.lines(requirements, temporary.path(), console)).getBytes(StandardCharsets.UTF_8));
            try {
                return installer.install(target, file, RepositoryAddresses.of(requirements), temporary, console);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write '" + file + "' for the installer: " + e.getMessage(), e);
        }
    }

    private String text(List<String> requirements) {
        String lines = Stream.concat(options.stream(), requirements.stream())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        boolean ascii = lines.chars().allMatch(letter -> letter <= 127);
        return ascii ? lines : ENCODING + lines; // pip would read it in the encoding of its locale
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
