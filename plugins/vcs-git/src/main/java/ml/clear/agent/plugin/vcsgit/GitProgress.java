// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Console;

/** Reports the progress that git writes, one line at intervals and progress between: the step, the number of objects, bytes and rate. */
final class GitProgress implements Console {

    private static final Duration USUAL_PAUSE = Duration.ofSeconds(5);
    private static final Duration VERBOSE_PAUSE = Duration.ofSeconds(1);
    private static final Pattern STATE = Pattern.compile(
            "(?:remote: )?([A-Z][a-z]+(?: [a-z]+)?): +(\\d+)% \\((\\d+)/(\\d+)\\)(?:, ([\\d.]+ \\w+)(?: \\| ([\\d.]+ \\w+/s))?)?.*");

    private final Console console;
    private final InstantSource clock;
    private final Duration pause;
    private Instant next;

    GitProgress(Console console, InstantSource clock, boolean verbose) {
        this.console = console;
        this.clock = clock;
        this.pause = verbose ? VERBOSE_PAUSE : USUAL_PAUSE;
        this.next = clock.instant().plus(pause);
    }

    @Override
    public synchronized void line(String text) {
        Matcher state = STATE.matcher(text.strip());
        if (!state.matches()) {
            return;
        }
        String described = described(state);
        console.progress(described);
        if (!clock.instant().isBefore(next)) {
            next = clock.instant().plus(pause);
            console.line("git: " + described);
        }
    }

    private static String described(Matcher state) {
        StringBuilder line = new StringBuilder(state.group(1).toLowerCase(Locale.ROOT));
        line.append(": ").append(state.group(2)).append(" % of ").append(state.group(4));
        if (state.group(5) != null) {
            line.append(", ").append(state.group(5));
        }
        if (state.group(6) != null) {
            line.append(", ").append(state.group(6));
        }
        return line.toString();
    }
}
