// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Numbers in arguments of docker. */
final class Quantity {

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)i?b?");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");

    private Quantity() {}

    /** Bytes, such as {@code 512m} or {@code 1.5g}: binary units, as docker reads them. */
    static long bytes(String option, String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw invalid(option, text, "a size such as 512m");
        }
        int power = matcher.group(2).isEmpty() ? 0 : "kmgtp".indexOf(matcher.group(2)) + 1;
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1L << (10 * power)))
                .setScale(0, RoundingMode.DOWN)
                .longValue();
    }

    static long integer(String option, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw invalid(option, text, "a whole number");
        }
    }

    /** CPUs in billionths, which the engine counts in. */
    static long nanoCpus(String option, String text) {
        try {
            return new BigDecimal(text.strip()).movePointRight(9).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw invalid(option, text, "a number of CPUs with at most nine digits behind the point");
        }
    }

    /** Nanoseconds of a duration, such as {@code 1m30s}. */
    static long nanoseconds(String option, String text) {
        if (text.equals("0")) {
            return 0;
        }
        Matcher matcher = PART.matcher(text);
        BigDecimal sum = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            sum = sum.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit(matcher.group(2)))));
            end = matcher.end();
        }
        if (end == 0 || end != text.length()) {
            throw invalid(option, text, "a duration such as 1m30s");
        }
        return sum.longValue();
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    static AgentException invalid(String option, String value, String wanted) {
        return new AgentException(
                ErrorCode.TASK_INVALID, "argument --" + option + " is '" + value + "'; " + wanted + " is needed");
    }
}
