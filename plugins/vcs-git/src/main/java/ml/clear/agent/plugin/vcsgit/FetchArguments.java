// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The arguments of {@code agent.git_fetch_args}, grouped by their effect.
 *
 * @param tags whether tags are fetched
 * @param submodules whether submodules are checked out
 * @param limiting options that leave out a part of the history or of the files; a mirror that all tasks share cannot
 *     have them
 * @param passed options that git gets as they are
 */
record FetchArguments(boolean tags, boolean submodules, List<String> limiting, List<String> passed) {

    private static final Set<String> NO_TAGS = Set.of("--no-tags", "-n");
    private static final Set<String> NO_SUBMODULES = Set.of("--no-recurse-submodules", "--recurse-submodules=no");

    /** Options that are always applied, or decided elsewhere. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "--all",
            "--tags",
            "-t",
            "--recurse-submodules",
            "--recurse-submodules=yes",
            "--recurse-submodules=on-demand",
            "--prune",
            "-p",
            "--force",
            "-f",
            "--quiet",
            "-q",
            "--verbose",
            "-v",
            "--progress",
            "--no-progress");

    private static final Set<String> LIMITING =
            Set.of("--depth", "--shallow-since", "--shallow-exclude", "--filter", "--deepen");
    private static final Set<String> WITH_VALUE = Set.of(
            "--depth",
            "--shallow-since",
            "--shallow-exclude",
            "--filter",
            "--deepen",
            "--jobs",
            "-j",
            "--server-option",
            "-o",
            "--upload-pack");

    FetchArguments {
        limiting = List.copyOf(limiting);
        passed = List.copyOf(passed);
    }

    static FetchArguments of(List<String> words) {
        List<String> limiting = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (NO_TAGS.contains(word) || NO_SUBMODULES.contains(word) || WITHOUT_EFFECT.contains(word)) {
                continue;
            }
            List<String> kind = LIMITING.contains(word.split("=", 2)[0]) ? limiting : passed;
            kind.add(word);
            if (WITH_VALUE.contains(word) && i + 1 < words.size()) {
                i++;
                kind.add(words.get(i));
            }
        }
        return new FetchArguments(
                words.stream().noneMatch(NO_TAGS::contains),
                words.stream().noneMatch(NO_SUBMODULES::contains),
                limiting,
                passed);
    }
}
