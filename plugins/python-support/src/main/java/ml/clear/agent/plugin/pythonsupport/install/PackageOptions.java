// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.List;
import java.util.stream.Stream;

/** Reads settings that hold arguments. */
public final class PackageOptions {

    private PackageOptions() {}

    /** The single words: a text may hold several, separated by blanks, as in an environment variable. */
    public static List<String> words(List<String> texts) {
        return texts.stream()
                .flatMap(text -> Stream.of(text.strip().split("\\s+", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
