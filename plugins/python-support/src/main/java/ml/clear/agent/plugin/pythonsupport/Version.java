// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a Python package or interpreter, ordered as the version specification of Python packages (PEP 440) says.
 *
 * @param text as it was written
 * @param epoch 0 unless written
 * @param release the numbers, at least one
 * @param stage development, alpha, beta, candidate, final or post release
 * @param stageNumber the number within the stage
 * @param development the number of the development release, {@link Integer#MAX_VALUE} for none
 */
public record Version(String text, int epoch, List<Integer> release, Stage stage, int stageNumber, int development)
        implements Comparable<Version> {

    private static final Pattern FORM = Pattern.compile(
            "v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\\d*))?"
                    + "(?:-(\\d+)|[-_.]?(post|rev|r)[-_.]?(\\d*))?(?:[-_.]?(dev)[-_.]?(\\d*))?(?:\\+[a-z0-9._-]+)?",
            Pattern.CASE_INSENSITIVE);

    /** The stages in their order. */
    public enum Stage {
        /** A development release of the final version. */
        DEVELOPMENT,
        /** Alpha. */
        ALPHA,
        /** Beta. */
        BETA,
        /** Release candidate. */
        CANDIDATE,
        /** The version itself. */
        FINAL,
        /** A correction of the release, not of the code. */
        POST
    }

    /** Copies the numbers. */
    public Version {
        release = List.copyOf(release);
    }

    /** Read a version; empty when the text is none. */
    public static Optional<Version> of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(form, text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Version read(Matcher form, String text) {
        List<Integer> release = new ArrayList<>();
        for (String part : form.group(2).split("\\.", -1)) {
            release.add(Integer.parseInt(part));
        }
        Stage stage = Stage.FINAL;
        int number = 0;
        if (form.group(3) != null) {
            stage = switch (form.group(3).toLowerCase(Locale.ROOT).charAt(0)) {
                case 'a' -> Stage.ALPHA;
                case 'b' -> Stage.BETA;
                default -> Stage.CANDIDATE;
            };
            number = number(form.group(4));
        }
        if (form.group(5) != null || form.group(6) != null) {
            stage = Stage.POST;
            number = number(form.group(5) != null ? form.group(5) : form.group(7));
        }
        int development = form.group(8) == null ? Integer.MAX_VALUE : number(form.group(9));
        if (development != Integer.MAX_VALUE && stage == Stage.FINAL) {
            stage = Stage.DEVELOPMENT;
        }
        return new Version(
                text, form.group(1) == null ? 0 : number(form.group(1)), release, stage, number, development);
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /** The first numbers, joined by dots, such as {@code 3.11} for 2. */
    public String prefix(int numbers) {
        return String.join(
                ".", release.stream().limit(numbers).map(String::valueOf).toList());
    }

    /** Whether it is before its final release. */
    public boolean preRelease() {
        return stage.compareTo(Stage.FINAL) < 0 || development != Integer.MAX_VALUE;
    }

    /** Whether its numbers begin with those of the other, missing ones counting as 0. */
    public boolean startsWith(Version other) {
        for (int i = 0; i < other.release.size(); i++) {
            if (part(i) != other.part(i)) {
                return false;
            }
        }
        return epoch == other.epoch;
    }

    private int part(int index) {
        return index < release.size() ? release.get(index) : 0;
    }

    @Override
    public int compareTo(Version other) {
        if (epoch != other.epoch) {
            return Integer.compare(epoch, other.epoch);
        }
        for (int i = 0; i < Math.max(release.size(), other.release.size()); i++) {
            if (part(i) != other.part(i)) {
                return Integer.compare(part(i), other.part(i));
            }
        }
        if (stage != other.stage) {
            return stage.compareTo(other.stage);
        }
        return stageNumber != other.stageNumber
                ? Integer.compare(stageNumber, other.stageNumber)
                : Integer.compare(development, other.development);
    }

    /** The text alone. */
    @Override
    public String toString() {
        return text;
    }
}
