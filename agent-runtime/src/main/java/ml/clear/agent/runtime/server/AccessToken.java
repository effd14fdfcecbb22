// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import ml.clear.agent.api.secret.Secret;
import tools.jackson.core.JacksonException;

/**
 * A token of the server and when to get the next one.
 *
 * <p>Age is measured with both clocks and the greater value counts: the wall clock advances while the machine sleeps,
 * the monotonic clock when the wall clock is set back. Setting the wall clock forward costs one extra login, not one
 * per call, since the new token's age starts at zero.
 *
 * @param value the token
 * @param apiVersion the version of the server's API, empty when the token does not name it
 * @param bornNanos when it was obtained, by the monotonic clock
 * @param bornWall when it was obtained, by the wall clock
 * @param renewAfter the age at which to get the next one
 */
record AccessToken(Secret value, String apiVersion, long bornNanos, Instant bornWall, Duration renewAfter) {

    /** The age that nothing reaches: the server's refusal alone leads to the next login. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    /**
     * A token just obtained.
     *
     * @param fresh whether it starts its life now; a ready-made one began it earlier
     */
    static AccessToken of(Secret value, boolean fresh, Duration renewBefore, Timing timing) {
        Instant now = timing.wall().instant();
        Json claims = claims(value.reveal());
        return new AccessToken(
                value,
                claims.at("api_version").text(),
                timing.nanos().getAsLong(),
                now,
                renewAfter(claims, fresh, renewBefore, now));
    }

    /** Whether it is time for the next one; this one may still be good. */
    boolean isDue(Timing timing) {
        Duration steady = Duration.ofNanos(timing.nanos().getAsLong() - bornNanos);
        Duration byDay = Duration.between(bornWall, timing.wall().instant());
        return steady.compareTo(renewAfter) >= 0 || byDay.compareTo(renewAfter) >= 0;
    }

    /** The same token, to be renewed after some time from now. */
    AccessToken postponed(Duration time, Timing timing) {
        return new AccessToken(
                value, apiVersion, timing.nanos().getAsLong(), timing.wall().instant(), time);
    }

    /** Half of a short life at the latest, or each call would begin with a login. */
    private static Duration renewAfter(Json claims, boolean fresh, Duration renewBefore, Instant now) {
        long end = claims.at("exp").number(0);
        if (end == 0) {
            return NEVER;
        }
        // the server's issue time, if given, makes the result independent of a wrong clock on this machine
        long start = fresh ? claims.at("iat").number(now.getEpochSecond()) : now.getEpochSecond();
        Duration life = Duration.ofSeconds(Math.max(0, end - start));
        Duration half = life.dividedBy(2);
        return life.minus(renewBefore.compareTo(half) < 0 ? renewBefore : half);
    }

    private static Json claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return new Json.Absent();
        }
        try {
            return JsonFormat.read(Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException | JacksonException e) {
            return new Json.Absent();
        }
    }
}
