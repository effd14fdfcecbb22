// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the known keys that a mistyped one may have meant. */
public final class NearestKey {

    private final Collection<String> known;

    /** One among these words. */
    public NearestKey(Collection<String> known) {
        this.known = known;
    }

    /** Up to {@code limit} similar keys, the nearest first: misspellings, and the same last name in another section. */
    public List<String> to(String key, int limit) {
        record Candidate(String key, int distance) {}
        String last = key.substring(key.lastIndexOf('.') + 1);
        int most = Math.max(2, last.length() / 3);
        return known.stream()
                .filter(candidate ->
                        candidate.endsWith("." + last) || Math.abs(candidate.length() - key.length()) <= most)
                .map(candidate -> new Candidate(candidate, distance(key, last, candidate)))
                .filter(candidate -> candidate.distance() <= most)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::key))
                .limit(limit)
                .map(Candidate::key)
                .toList();
    }

    /** The nearest of those in the same section, if any is near. */
    Optional<String> inSectionOf(String key) {
        String section = key.substring(0, key.lastIndexOf('.') + 1);
        List<String> siblings = known.stream()
                .filter(candidate -> candidate.startsWith(section) && candidate.indexOf('.', section.length()) < 0)
                .toList();
        return new NearestKey(siblings).to(key, 1).stream().findFirst();
    }

    private static int distance(String key, String last, String candidate) {
        // A right name in a wrong section is as likely as one wrong letter in the right section.
        return candidate.endsWith("." + last) ? 1 : EditDistance.between(key, candidate);
    }
}
