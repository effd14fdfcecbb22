// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Points in time as the API writes them: UTC as {@code +00:00}, and no fraction or six digits of it. Older Python versions
 * read no other number of digits, and a client cuts the text at the plus sign.
 */
public final class Timestamps {

    private static final DateTimeFormatter WHOLE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter FRACTION = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS");

    private Timestamps() {}

    /** The text for an instant, cut to milliseconds, as stored documents hold it. */
    public static String text(Instant instant) {
        long millis = instant.toEpochMilli();
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        return (millis % 1000 == 0 ? WHOLE : FRACTION).format(time) + "+00:00";
    }

    /** The text for milliseconds since 1970, ending in {@code Z}, as events hold it. */
    public static String zulu(long millis) {
        return MILLIS.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC)) + "Z";
    }

    /** The instant that a text means; one without offset is UTC, one without time is midnight. Empty for other texts. */
    public static Optional<Instant> parse(String text) {
        String normal = text.strip().replace(' ', 'T');
        try {
            if (normal.length() == 10) {
                return Optional.of(
                        LocalDate.parse(normal).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            boolean offset = normal.endsWith("Z") || normal.lastIndexOf('+') > 10 || normal.lastIndexOf('-') > 10;
            return Optional.of(
                    offset
                            ? OffsetDateTime.parse(normal).toInstant()
                            : LocalDateTime.parse(normal).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
