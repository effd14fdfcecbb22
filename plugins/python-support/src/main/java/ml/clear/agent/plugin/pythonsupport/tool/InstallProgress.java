// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Console;

/**
 * Shows what an installer does, from the lines that it prints: on a terminal as a moving line, in a log as a line every ten seconds
 * in which nothing else was written. Knows the lines of pip, uv and poetry. Close it when the installer has ended.
 */
public final class InstallProgress implements Console, AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Pattern DOWNLOAD =
            Pattern.compile("\\s*Downloading (\\S*?/)?([^/\\s]+?)(?:\\.metadata)? \\(([\\d.]+ ?[kKMG]i?B)\\)\\s*");
    private static final Pattern BUILD = Pattern.compile("\\s*Building (?!wheels )(?:wheel for )?([\\w.-]+).*");
    private static final Pattern COLLECT = Pattern.compile("Collecting ([^\\s;(]+).*");
    private static final Pattern INSTALL = Pattern.compile("Installing collected packages: (.+)");
    private static final Pattern RESOLVED = Pattern.compile("Resolved (\\d+) packages? in .*");
    private static final Pattern PREPARED = Pattern.compile("Prepared (\\d+) packages? in .*");
    private static final Pattern TOTAL = Pattern.compile("Package operations: (\\d+) installs?, (\\d+) updates?.*");
    private static final Pattern ONE =
            Pattern.compile("\\s*- (?:Installing|Updating) (\\S+) \\((.+?)\\)(?:: (\\w+.*))?");

    /** What pip writes with {@code --progress-bar raw}, several times a second. */
    private static final Pattern BYTES = Pattern.compile("Progress (\\d+) of (\\d+)");

    private static final double MEGABYTE = 1e6;

    private final Console console;
    private final boolean lines;
    private final Duration period;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private String step = "";
    private String wheel = "";
    private int done;
    private int all;
    private long downloadStart;
    private boolean quiet = true;

    private InstallProgress(Console console, boolean lines, Duration period) {
        this.console = console;
        this.lines = lines;
        this.period = period;
        this.thread = Thread.ofVirtual().name("install-progress").unstarted(this::remind);
    }

    /**
     * Show an installer.
     *
     * @param console gets what it does
     * @param lines whether the console gets the installer's own lines, too
     */
    public static InstallProgress on(Console console, boolean lines) {
        return on(console, lines, PERIOD);
    }

    static InstallProgress on(Console console, boolean lines, Duration period) {
        InstallProgress progress = new InstallProgress(console, lines, period);
        progress.thread.start();
        return progress;
    }

    @Override
    public void line(String text) {
        Matcher bytes = BYTES.matcher(text);
        if (bytes.matches()) {
            downloaded(Long.parseLong(bytes.group(1)), Long.parseLong(bytes.group(2)));
            return;
        }
        synchronized (this) {
            quiet &= !lines;
            described(text).ifPresent(described -> {
                step = described;
                console.progress(described);
            });
        }
        if (lines) {
            console.line(text);
        }
    }

    /** Shows what an installer itself shows as its progress. */
    @Override
    public void progress(String text) {
        if (lines) {
            console.progress(text);
        }
    }

    private Optional<String> described(String line) {
        Matcher matcher = DOWNLOAD.matcher(line);
        if (matcher.matches()) {
            wheel = matcher.group(2);
            downloadStart = System.nanoTime();
            return Optional.of("downloading " + wheel + ", " + matcher.group(3));
        }
        matcher = ONE.matcher(line);
        if (matcher.matches()) {
            if (matcher.group(3) == null) {
                done++;
            }
            return Optional.of("installing " + matcher.group(1) + " " + matcher.group(2)
                    + (all == 0 ? "" : ", " + Math.min(done, all) + " of " + all + " packages"));
        }
        matcher = TOTAL.matcher(line);
        if (matcher.matches()) {
            all = Integer.parseInt(matcher.group(1)) + Integer.parseInt(matcher.group(2));
            done = 0;
            return Optional.of("installing " + packages(all));
        }
        return phase(line);
    }

    private static Optional<String> phase(String line) {
        return first(COLLECT, line)
                .map(name -> "resolving " + name)
                .or(() -> first(BUILD, line).map(name -> "building " + name))
                .or(() -> first(INSTALL, line).map(names -> "installing " + packages(names.split(",", -1).length)))
                .or(() -> first(RESOLVED, line).map(count -> "downloading " + packages(Integer.parseInt(count))))
                .or(() -> first(PREPARED, line).map(count -> "installing " + packages(Integer.parseInt(count))));
    }

    private static Optional<String> first(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String packages(int count) {
        return count == 1 ? "1 package" : count + " packages";
    }

    private synchronized void downloaded(long bytes, long total) {
        double seconds = (System.nanoTime() - downloadStart) / 1e9;
        step = String.format(
                Locale.ROOT,
                "downloading %s, %.1f of %.1f MB, %.1f MB/s",
                wheel,
                bytes / MEGABYTE,
                total / MEGABYTE,
                seconds > 0 ? bytes / MEGABYTE / seconds : 0);
        console.progress(step);
    }

    /** A log shows that a long step goes on. */
    private void remind() {
        try {
            long start = System.nanoTime();
            while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                String current;
                synchronized (this) {
                    current = quiet && !step.isEmpty() ? step : "";
                    quiet = true;
                }
                if (!current.isEmpty()) {
                    console.line("still " + current + " (" + seconds + " s)");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only the end of the process interrupts it
        }
    }

    @Override
    public void close() {
        closed.countDown();
        console.progress("");
    }
}
