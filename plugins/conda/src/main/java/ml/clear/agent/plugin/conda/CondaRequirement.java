// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * A package to be installed from the channels, in one of several forms.
 *
 * @param forms what to ask the channels for, the best first; never empty
 * @param rule what happens when the channels have none of the forms
 * @param group the name of packages that must come from the same installer; empty for none
 * @param requirements the lines that pip installs instead; only with {@link Rule#OR_PIP}
 * @param origin where it was written, for messages
 */
record CondaRequirement(List<CondaSpec> forms, Rule rule, String group, List<Requirement> requirements, String origin) {

    /** What happens when the channels have no such package. */
    enum Rule {
        /** The environment cannot be built, unless the package exists for other systems only. */
        REQUIRED,
        /** pip installs it. */
        OR_PIP,
        /** It is left out. */
        OPTIONAL
    }

    CondaRequirement {
        forms = List.copyOf(forms);
        requirements = List.copyOf(requirements);
        if (forms.isEmpty()) {
            throw new IllegalArgumentException("a wish needs at least one form");
        }
    }

    static CondaRequirement required(CondaSpec spec, String origin) {
        List<CondaSpec> forms = spec.build().isEmpty() ? List.of(spec) : List.of(spec, spec.withBuild(""));
        return new CondaRequirement(forms, Rule.REQUIRED, "", List.of(), origin);
    }

    static CondaRequirement optional(CondaSpec spec, String group) {
        return new CondaRequirement(List.of(spec), Rule.OPTIONAL, group, List.of(), "");
    }

    CondaSpec first() {
        return forms.getFirst();
    }

    /** The same without the form that was tried first; empty when it was the last one. */
    Optional<CondaRequirement> next() {
        return forms.size() == 1
                ? Optional.empty()
                : Optional.of(new CondaRequirement(forms.subList(1, forms.size()), rule, group, requirements, origin));
    }

    /** The same in a looser form. */
    CondaRequirement loosened() {
        return new CondaRequirement(
                forms.stream().map(CondaSpec::loosened).toList(), rule, group, requirements, origin);
    }

    /** Both at once: conditions of several lines about one package. */
    CondaRequirement and(CondaRequirement other) {
        List<CondaSpec> both = forms.stream()
                .map(form -> form.and(other.first().named(form.name())))
                .toList();
        List<Requirement> lines = new ArrayList<>(requirements);
        lines.addAll(other.requirements);
        return new CondaRequirement(both, rule, group, lines, origin);
    }
}
