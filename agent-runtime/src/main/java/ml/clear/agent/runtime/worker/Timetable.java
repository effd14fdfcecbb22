// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * The hours of a week in which tasks are taken. An entry is {@code HOURS DAYS}, such as {@code 17-20 TUE} or
 * {@code 8-12,13-18 MON-FRI}: an hour alone lasts until midnight, the end of a range does not belong to it, and one that ends
 * before it begins ends the next day. Days are {@code SUN} to {@code SAT}, and a range of them may pass the end of a week.
 */
public final class Timetable {

    private static final int HOURS_A_DAY = 24;
    private static final int HOURS_A_WEEK = 7 * HOURS_A_DAY;
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2})(?:-(\\d{1,2}))?");
    private static final Pattern DAY_RANGE = Pattern.compile("([A-Z]{3})(?:-([A-Z]{3}))?");

    private final BitSet open;

    private Timetable(BitSet open) {
        this.open = open;
    }

    /** All week. */
    public static Timetable always() {
        return new Timetable(inverted(new BitSet()));
    }

    /**
     * These hours.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID} when an entry cannot be understood
     */
    public static Timetable during(List<String> entries) {
        return new Timetable(hours(entries));
    }

    /**
     * All but these hours.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID} when an entry cannot be understood
     */
    public static Timetable outside(List<String> entries) {
        return new Timetable(inverted(hours(entries)));
    }

    /** Whether tasks are taken at this local time. */
    boolean isOpen(LocalDateTime time) {
        return open.get(index(time.getDayOfWeek().getValue() % DayOfWeek.values().length, time.getHour()));
    }

    private static BitSet hours(List<String> entries) {
        BitSet hours = new BitSet(HOURS_A_WEEK);
        entries.forEach(entry -> add(hours, entry.strip()));
        return hours;
    }

    private static void add(BitSet hours, String entry) {
        String[] parts = BLANKS.split(entry);
        if (parts.length != 2) {
            throw wrong(entry);
        }
        for (String days : COMMA.split(parts[1].toUpperCase(Locale.ROOT))) {
            Matcher range = DAY_RANGE.matcher(days);
            int from = range.matches() ? DAYS.indexOf(range.group(1)) : -1;
            int to = from < 0 || range.group(2) == null ? from : DAYS.indexOf(range.group(2));
            if (from < 0 || to < 0) {
                throw wrong(entry);
            }
            for (int day = from; ; day = (day + 1) % DAYS.size()) {
                addDay(hours, day, parts[0], entry);
                if (day == to) {
                    break;
                }
            }
        }
    }

    private static void addDay(BitSet hours, int day, String text, String entry) {
        for (String part : COMMA.split(text)) {
            Matcher range = HOURS.matcher(part);
            if (!range.matches()) {
                throw wrong(entry);
            }
            int from = Integer.parseInt(range.group(1));
            int to = range.group(2) == null ? HOURS_A_DAY : Integer.parseInt(range.group(2));
            if (from >= HOURS_A_DAY || to > HOURS_A_DAY) {
                throw wrong(entry);
            }
            int length = to > from ? to - from : to + HOURS_A_DAY - from;
            for (int hour = from; hour < from + length; hour++) {
                hours.set(index(day, hour));
            }
        }
    }

    private static int index(int day, int hour) {
        return (day * HOURS_A_DAY + hour) % HOURS_A_WEEK;
    }

    private static BitSet inverted(BitSet hours) {
        BitSet others = (BitSet) hours.clone();
        others.flip(0, HOURS_A_WEEK);
        return others;
    }

    private static AgentException wrong(String entry) {
        return new AgentException(
                ErrorCode.COMMAND_LINE_INVALID,
                "'" + entry
                        + "' is no time of a week; write hours and days such as '17-20 TUE' or '8-12,13-18 MON-FRI'");
    }
}
