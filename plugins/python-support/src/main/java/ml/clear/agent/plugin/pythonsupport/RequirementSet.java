// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All requirements of a task, with included files resolved.
 *
 * @param requirements in the order of their lines; no options among them
 * @param options options for all lines, each as one line of a requirements file
 * @param constraints files that limit versions; their content decides about the result too
 * @param notes what was left out and why, for the console
 */
public record RequirementSet(
        List<Requirement> requirements, List<Requirement> options, List<Path> constraints, List<String> notes) {

    /** Nothing required. */
    public static final RequirementSet EMPTY = new RequirementSet(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public RequirementSet {
        requirements = List.copyOf(requirements);
        options = List.copyOf(options);
        constraints = List.copyOf(constraints);
        notes = List.copyOf(notes);
    }

    /** Both, this one first. */
    public RequirementSet plus(RequirementSet more) {
        return new RequirementSet(
                join(requirements, more.requirements),
                join(options, more.options),
                join(constraints, more.constraints),
                join(notes, more.notes));
    }

    /** The same with only the requirements that fulfil the condition. */
    public RequirementSet only(Predicate<Requirement> condition) {
        return new RequirementSet(requirements.stream().filter(condition).toList(), options, constraints, notes);
    }

    /** The last requirement of a package. */
    public Optional<Requirement> named(String name) {
        String normal = Requirement.normalName(name);
        return requirements.stream()
                .filter(requirement -> requirement.name().equals(normal))
                .reduce((first, second) -> second);
    }

    private static <T> List<T> join(List<T> first, List<T> second) {
        List<T> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}
