// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Console;
import org.junit.jupiter.api.Test;

class InstallProgressTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final Recording console = new Recording();

    private List<String> shown(String... lines) {
        try (InstallProgress progress = InstallProgress.on(console, true, NEVER)) {
            Stream.of(lines).forEach(progress::line);
        }
        return console.states;
    }

    @Test
    void pipShowsWhatItResolvesDownloadsBuildsAndInstalls() {
        assertThat(shown(
                        "Collecting pandas==2.2.2 (from -r requirements.txt (line 1))",
                        "  Downloading pandas-2.2.2-cp311-cp311-manylinux_2_17_x86_64.whl (13.0 MB)",
                        "Building wheels for collected packages: alpha",
                        "  Building wheel for alpha (pyproject.toml): started",
                        "Installing collected packages: numpy, pandas",
                        "Successfully installed numpy-2.1.0 pandas-2.2.2"))
                .containsExactly(
                        "resolving pandas==2.2.2",
                        "downloading pandas-2.2.2-cp311-cp311-manylinux_2_17_x86_64.whl, 13.0 MB",
                        "building alpha",
                        "installing 2 packages",
                        "");
    }

    @Test
    void bytesAndRateOfADownloadAreShownWherePipWritesThemAndStayOutOfTheConsole() {
        assertThat(shown(
                        "  Downloading torch-2.3.1-cp311-cp311-linux_x86_64.whl (190.4 MB)",
                        "Progress 95200000 of 190400000"))
                .anyMatch(
                        state -> state.matches(
                                "downloading torch-2\\.3\\.1-cp311-cp311-linux_x86_64\\.whl, 95\\.2 of 190\\.4 MB, [\\d.]+ MB/s"));
        assertThat(console.lines).hasSize(1);
    }

    @Test
    void whatAnInstallerShowsAsItsOwnProgressIsShownAsItIs() {
        try (InstallProgress progress = InstallProgress.on(console, true, NEVER)) {
            progress.progress("2 of 3 packages, 1.8 MB");
        }

        assertThat(console.states).containsExactly("2 of 3 packages, 1.8 MB", "");
    }

    @Test
    void poetryShowsHowManyPackagesAreLeft() {
        assertThat(shown(
                        "Package operations: 2 installs, 0 updates, 0 removals",
                        "  - Installing alpha (1.0)",
                        "  - Installing beta (2.0)"))
                .containsExactly(
                        "installing 2 packages",
                        "installing alpha 1.0, 1 of 2 packages",
                        "installing beta 2.0, 2 of 2 packages",
                        "");
    }

    @Test
    void uvShowsItsPhases() {
        assertThat(shown("Resolved 29 packages in 12ms", "Downloading torch (190.4MiB)", "Prepared 1 package in 3.2s"))
                .containsExactly("downloading 29 packages", "downloading torch, 190.4MiB", "installing 1 package", "");
    }

    @Test
    void aLogGetsALineWhenNothingElseWasWrittenForAWhile() throws Exception {
        try (InstallProgress progress = InstallProgress.on(console, true, Duration.ofMillis(20))) {
            progress.line("  Building wheel for alpha (pyproject.toml): started");
            assertThat(console.next()).startsWith("  Building wheel");

            assertThat(console.next()).matches("still building alpha \\(\\d+ s\\)");
        }
    }

    @Test
    void quietInstallersShowTheirProgressAndNoLines() throws Exception {
        try (InstallProgress progress = InstallProgress.on(console, false, Duration.ofMillis(20))) {
            progress.line("Collecting uv");

            assertThat(console.next()).startsWith("still resolving uv");
            assertThat(console.states).contains("resolving uv");
        }
    }

    /** Keeps lines and states. */
    private static final class Recording implements Console {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<String> states = new CopyOnWriteArrayList<>();
        private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();

        @Override
        public void line(String text) {
            lines.add(text);
            queue.add(text);
        }

        @Override
        public void progress(String text) {
            states.add(text);
        }

        String next() throws InterruptedException {
            String line = queue.poll(60, TimeUnit.SECONDS);
            return line == null ? "nothing" : line;
        }
    }
}
