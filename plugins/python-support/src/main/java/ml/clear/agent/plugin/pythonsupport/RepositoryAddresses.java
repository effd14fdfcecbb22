// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.vcs.RepositoryAddress;

/** The addresses of the repositories that requirements name. */
public final class RepositoryAddresses {

    private static final Pattern ADDRESS = Pattern.compile("(?:^|[\\s@=])((?:git|hg)\\+[A-Za-z]+:[^\\s#;]+)");

    /** An at sign in the path starts a revision; one before the path ends a user name. */
    private static final Pattern REVISION = Pattern.compile("(://[^/]*/[^@]*)@.*");

    private RepositoryAddresses() {}

    /** The addresses, in the order of the requirements, each once. */
    public static List<RepositoryAddress> of(List<Requirement> requirements) {
        return requirements.stream()
                .filter(requirement -> requirement.kind() == Requirement.Kind.REPOSITORY)
                .map(Requirement::text)
                .flatMap(text -> address(text).stream())
                .distinct()
                .toList();
    }

    static Optional<RepositoryAddress> address(String requirement) {
        Matcher found = ADDRESS.matcher(requirement);
        if (!found.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    RepositoryAddress.parse(REVISION.matcher(found.group(1)).replaceAll("$1")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // pip reports the error
        }
    }
}
