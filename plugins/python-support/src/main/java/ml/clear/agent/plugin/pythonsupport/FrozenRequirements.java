// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;

/**
 * Records the installed packages as requirement lines that install the same on another machine: packages of an index
 * by version, with the options that say where the index is; packages from a repository, an address or a path by that
 * origin. Paths in the task's own code are relative to its root, and never replaced by a name, which an index may
 * offer to anyone.
 */
public final class FrozenRequirements {

    private static final Pattern VERSION = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)===?(\\S+)");
    private static final Pattern ORIGIN = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)\\s*@\\s*(\\S+).*");
    private static final Version UNKNOWN = Version.of("0").orElseThrow();

    /** pip records the origin of packages since this version (PEP 610). */
    private static final Version FIRST_WITH_ORIGINS = Version.of("20.1").orElseThrow();

    private final RequirementSet required;
    private final Path root;

    /**
     * For one task.
     *
     * @param required what the task requires
     * @param root the root of the task's code, absolute
     */
    public FrozenRequirements(RequirementSet required, Path root) {
        this.required = required;
        this.root = root;
    }

    /**
     * The lines for packages that were read from their folder.
     *
     * @param pip the version of pip that installed them; one that keeps no origins cannot be asked for them
     */
    public List<String> of(List<Installed> installed, Optional<Version> pip) {
        List<Requirement> unmatched = unmatched(installed);
        if (!unmatched.isEmpty()
                && pip.filter(version -> version.compareTo(FIRST_WITH_ORIGINS) < 0)
                        .isPresent()) {
            return asRequired();
        }
        // a package that a setup script installed may belong to an unmatched path
        Stream<String> packages = installed.stream()
                .filter(one -> unmatched.isEmpty()
                        || !one.legacy()
                        || required.named(one.name()).isPresent())
                .map(this::line);
        return Stream.of(options(), packages, unmatched.stream().map(this::written))
                .flatMap(lines -> lines)
                .toList();
    }

    /** The lines for the output of {@code pip freeze}. */
    public List<String> ofFreeze(List<String> lines) {
        List<String> packages = lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        boolean known = unmatched(packages.stream()
                        .map(FrozenRequirements::parsed)
                        .flatMap(Optional::stream)
                        .toList())
                .isEmpty();
        return known
                ? Stream.concat(
                                options(),
                                packages.stream()
                                        .map(line ->
                                                parsed(line).map(this::line).orElse(line)))
                        .toList()
                : asRequired();
    }

    /** The paths among the requirements that no installed package names as its origin. */
    private List<Requirement> unmatched(List<Installed> installed) {
        return required.requirements().stream()
                .filter(requirement -> requirement.localPath().isPresent())
                .filter(requirement -> installed.stream().noneMatch(one -> isOf(one, requirement)))
                .toList();
    }

    private static boolean isOf(Installed installed, Requirement requirement) {
        return (!requirement.name().isEmpty() && requirement.name().equals(installed.normalName()))
                || requirement
                        .localPath()
                        .map(Path::normalize)
                        .equals(Requirement.file(installed.origin()).map(Path::normalize));
    }

    private List<String> asRequired() {
        return Stream.concat(options(), required.requirements().stream().map(this::written))
                .toList();
    }

    private Stream<String> options() {
        return required.options().stream().map(this::written).distinct();
    }

    private String line(Installed installed) {
        Optional<Requirement> own =
                required.named(installed.name()).filter(one -> one.kind() != Requirement.Kind.PACKAGE || one.hashed());
        if (own.isPresent()) {
            return written(own.get());
        }
        Optional<Path> path = Requirement.file(installed.origin()).map(Path::normalize);
        return required.requirements().stream()
                .filter(one -> path.isPresent() && isOf(installed, one))
                .findFirst()
                .map(this::written)
                .or(() -> path.filter(folder -> folder.startsWith(root))
                        .map(folder -> (installed.editable() ? "-e " : "") + relative(folder.toString())))
                .orElseGet(installed::line);
    }

    private static Optional<Installed> parsed(String line) {
        if (line.startsWith("-e ")) {
            String target = line.substring(3).strip();
            return target.startsWith("/")
                    ? Optional.of(new Installed(
                            "", UNKNOWN, Path.of(target).toUri().toString().replaceFirst("/$", ""), true, true, false))
                    : Optional.empty();
        }
        Matcher version = VERSION.matcher(line);
        if (version.matches()) {
            return Version.of(version.group(2))
                    .map(known -> new Installed(version.group(1), known, "", false, false, false));
        }
        Matcher origin = ORIGIN.matcher(line);
        return origin.matches()
                ? Optional.of(new Installed(
                        origin.group(1), UNKNOWN, Requirement.withoutCredentials(origin.group(2)), true, false, false))
                : Optional.empty();
    }

    /**
     * The line as it was written, paths in the code relative to its root again. Passwords stay only in options of the task's
     * own list, which the server has anyway.
     */
    private String written(Requirement requirement) {
        String text = requirement
                .localPath()
                .filter(path -> path.startsWith(root) && requirement.text().contains("file:"))
                .map(Path::toString)
                .map(this::relative)
                .orElseGet(() -> relative(requirement.text()));
        return requirement.origin().equals(RequirementSources.TASK) && requirement.kind() == Requirement.Kind.OPTION
                ? text
                : Requirement.withoutCredentials(text);
    }

    private String relative(String text) {
        int at = text.indexOf(root.toString());
        boolean path = at >= 0 && (at == 0 || text.charAt(at - 1) == ' ');
        if (!path) {
            return text;
        }
        String rest = text.substring(at + root.toString().length());
        if (!rest.isEmpty() && "/[; ".indexOf(rest.charAt(0)) < 0) {
            return text; // another folder whose name starts with the root's name
        }
        return text.substring(0, at) + "." + rest;
    }
}
