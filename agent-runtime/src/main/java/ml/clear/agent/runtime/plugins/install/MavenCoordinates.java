// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A plugin in a Maven repository.
 *
 * @param classifier empty for the artifact itself
 */
record MavenCoordinates(String group, String artifact, String version, String classifier) {

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_.-]+):([A-Za-z0-9_.-]+):([A-Za-z0-9_.+-]+)(?::([A-Za-z0-9_.-]+))?");

    /** Read {@code group:artifact:version[:classifier]}; empty when the text has another form. */
    static Optional<MavenCoordinates> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new MavenCoordinates(
                        matcher.group(1),
                        matcher.group(2),
                        matcher.group(3),
                        matcher.group(4) == null ? "" : matcher.group(4)))
                : Optional.empty();
    }

    /** Where it may be below a repository, the likeliest first: a zip with libraries, then a single jar. */
    List<String> paths() {
        String folder = group.replace('.', '/') + "/" + artifact + "/" + version + "/";
        Stream<String> names = classifier.isEmpty()
                ? Stream.of("-plugin.zip", ".zip", ".jar")
                : Stream.of("-" + classifier + ".zip", "-" + classifier + ".jar");
        return names.map(end -> folder + artifact + "-" + version + end).toList();
    }
}
