// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.plugin.pythonsupport.Marker;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;

/**
 * What a task asks of torch and its companions.
 *
 * @param lines the requirements for torch and its companions whose markers hold
 */
record TorchRequest(List<Line> lines) {

    private static final Set<String> PACKAGES =
            Set.of("torch", "torchvision", "torchaudio", "torchcsprng", "torchtext");

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]+\\s*(?:\\[[^]]*])?)\\s*([^;\\[]*?)\\s*(;.*)?");

    /** The build in a version, such as {@code +cu121}: that of the machine on which the list was made. */
    private static final Pattern LOCAL = Pattern.compile("\\+[A-Za-z0-9.]+");

    TorchRequest {
        lines = List.copyOf(lines);
    }

    /**
     * One requirement.
     *
     * @param requirement as it was written
     * @param head the name with its extras
     * @param versions the condition without the build
     * @param marker with its semicolon; empty without one
     */
    record Line(Requirement requirement, String head, VersionSpecifiers versions, String marker) {

        String name() {
            return requirement.name();
        }

        /** The same requirement for exactly one version. */
        Requirement exactly(String version) {
            return with("==" + version);
        }

        Requirement withoutBuild() {
            return with(versions.toString());
        }

        private Requirement with(String condition) {
            String text = head + condition + (marker.isEmpty() ? "" : " " + marker);
            return new Requirement(requirement.kind(), requirement.name(), text, requirement.origin());
        }
    }

    static TorchRequest of(RequirementSet required, Map<String, String> markers) {
        List<Line> lines = new ArrayList<>();
        for (Requirement requirement : required.requirements()) {
            if (requirement.kind() == Requirement.Kind.PACKAGE
                    && PACKAGES.contains(requirement.name())
                    && !requirement.hashed()) {
                line(requirement, markers).ifPresent(lines::add);
            }
        }
        return new TorchRequest(lines);
    }

    private static Optional<Line> line(Requirement requirement, Map<String, String> markers) {
        Matcher form = FORM.matcher(requirement.text());
        if (!form.matches()) {
            return Optional.empty();
        }
        String marker = form.group(3) == null ? "" : form.group(3).strip();
        boolean here = marker.isEmpty()
                || Marker.holds(marker.substring(1).strip(), markers).orElse(true);
        String condition =
                LOCAL.matcher(form.group(2).replaceAll("[()\\s]", "")).replaceAll("");
        return here
                ? VersionSpecifiers.of(condition)
                        .map(versions -> new Line(requirement, form.group(1).strip(), versions, marker))
                : Optional.empty();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether a release satisfies all lines. */
    boolean allows(TorchRelease release) {
        return lines.stream()
                .allMatch(line -> release.versionOf(line.name())
                        .map(line.versions()::contains)
                        .orElse(true));
    }

    /** For messages: the requirement for torch, or the first one for a companion. */
    String subject() {
        Line first = lines.stream()
                .filter(line -> line.name().equals("torch"))
                .findFirst()
                .orElse(lines.getFirst());
        return first.head() + first.versions();
    }

    /** The requirements with these lines replaced. */
    RequirementSet replaced(RequirementSet required, Function<Line, Requirement> replacement) {
        List<Requirement> all = required.requirements().stream()
                .map(requirement -> lines.stream()
                        .filter(line -> line.requirement().equals(requirement))
                        .findFirst()
                        .map(replacement)
                        .orElse(requirement))
                .toList();
        return new RequirementSet(all, required.options(), required.constraints(), required.notes());
    }
}
