// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conditions on a version, all of which must hold, such as {@code >=23,<26}. */
public final class VersionSpecifiers {

    private static final Pattern CLAUSE = Pattern.compile("(~=|===?|!=|<=|>=|<|>)\\s*([^\\s,;]+)");

    private final List<Clause> clauses;
    private final String text;

    private VersionSpecifiers(List<Clause> clauses, String text) {
        this.clauses = List.copyOf(clauses);
        this.text = text;
    }

    /**
     * Read conditions; a bare version stands for {@code ==}. An empty text holds for every version.
     *
     * @return empty when the text is no such condition
     */
    public static Optional<VersionSpecifiers> of(String text) {
        List<Clause> clauses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String clause = part.strip();
            if (clause.isEmpty()) {
                continue;
            }
            Matcher form = CLAUSE.matcher(Version.of(clause).isPresent() ? "==" + clause : clause);
            if (!form.matches()) {
                return Optional.empty();
            }
            boolean any = form.group(2).endsWith(".*");
            Optional<Version> version =
                    Version.of(any ? form.group(2).substring(0, form.group(2).length() - 2) : form.group(2));
            if (version.isEmpty()) {
                return Optional.empty();
            }
            clauses.add(new Clause(form.group(1), version.get(), any));
        }
        return Optional.of(new VersionSpecifiers(clauses, text.strip()));
    }

    /** Whether the version fulfils all conditions. Pre-releases count as any other version. */
    public boolean contains(Version version) {
        return clauses.stream().allMatch(clause -> clause.contains(version));
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    private record Clause(String operator, Version version, boolean any) {

        boolean contains(Version candidate) {
            int order = candidate.compareTo(version);
            return switch (operator) {
                case "==", "===" -> any ? candidate.startsWith(version) : order == 0;
                case "!=" -> any ? !candidate.startsWith(version) : order != 0;
                case "<=" -> order <= 0;
                case ">=" -> order >= 0;
                case "<" -> order < 0 && !(candidate.preRelease() && candidate.startsWith(version));
                case ">" -> order > 0 && !(candidate.stage() == Version.Stage.POST && candidate.startsWith(version));
                case "~=" -> order >= 0 && candidate.startsWith(series());
                default -> throw new IllegalStateException("operator '" + operator + "'");
            };
        }

        /** What a compatible release must begin with: all numbers but the last. */
        private Version series() {
            int numbers = Math.max(1, version.release().size() - 1);
            return Version.of(version.prefix(numbers)).orElseThrow();
        }
    }
}
