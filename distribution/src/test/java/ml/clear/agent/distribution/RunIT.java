// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The example of the README, twice, from an empty home: what the second run saves, and what the server knows afterwards. */
class RunIT {

    private static final Path SCRIPT =
            Path.of(System.getProperty("repository")).resolve("docs/examples/digits/train.py");

    /** The agent's last word before the script's own first. */
    private static final String SCRIPT_STARTS = "\nscript        running  python train.py\n";

    private static final Pattern EPOCH = Pattern.compile("epoch +(\\d+)  loss (\\S+)  accuracy (\\S+)");

    @TempDir
    private static Path folder;

    private static AgentHome home;
    private static Run first;
    private static Run second;

    /** One run. */
    private record Run(Shell.Finished finished, double secondsToScript, String task) {}

    @BeforeAll
    static void trainTwice() throws InterruptedException {
        home = AgentHome.emptyIn(folder, Installation.shared());
        first = run();
        second = run();
    }

    private static Run run() throws InterruptedException {
        long start = System.nanoTime();
        Shell.Started started = home.start("run", SCRIPT.toString());
        started.await(out -> out.contains(SCRIPT_STARTS));
        double seconds = (System.nanoTime() - start) / 1e9;
        Shell.Finished finished = started.finish();
        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        return new Run(finished, seconds, home.server().tasks().getLast());
    }

    @AfterAll
    static void stop() {
        home.close();
    }

    @Test
    void tellsWhereTheResultsAreAndHowTheServerIsStopped() throws IOException {
        URI api = home.server().api();
        String project = home.server().task(first.task()).path("project").asString();
        String page = api + "/projects/" + project + "/tasks/" + first.task() + "/output/log";
        assertThat(first.finished().err())
                .contains(
                        "started an embedded server at " + api,
                        "stop it with: clearml-agent server stop",
                        "done; results: " + page);
        try (InputStream document = URI.create(page).toURL().openStream()) {
            assertThat(new String(document.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("<!doctype html>");
        }
        assertThat(second.finished().err()).contains("using the embedded server at " + api);
        assertThat(first.finished().out())
                .containsPattern("(?m)^code          [0-9.]+ s   commit [0-9a-f]{8}$")
                .containsPattern("(?m)^environment   [0-9.]+ s   [0-9]+ packages$")
                .containsPattern("(?m)^script        [0-9.]+ s$");
    }

    @Test
    void secondRunUsesTheCacheAndStartsSooner() {
        assertThat(first.finished().out()).doesNotContain(", cached\n");
        assertThat(second.finished().out()).containsPattern("(?m)^environment .* packages, cached$");
        assertThat(second.secondsToScript()).isLessThan(first.secondsToScript());
    }

    @Test
    void terminalShowsAMovingLineAndBoldPhasesAndAFileNeither() {
        String command = home.command("run", SCRIPT.toString()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Shell.Finished shown = home.shell()
                .with("TERM", "xterm")
                .with("NO_COLOR", "")
                .start(List.of("script", "--quiet", "--return", "--command", command, "/dev/null"))
                .finish();

        assertThat(shown.status()).as(shown.out()).isZero();
        assertThat(shown.out())
                .containsPattern("\r\u001b\\[2m[-/|\\\\] environment +0 s\u001b\\[0m\u001b\\[K")
                .containsPattern("\u001b\\[1menvironment\u001b\\[0m +[0-9.]+ s   [0-9]+ packages, cached")
                .contains("\u001b[1mclearml-agent:\u001b[0m done; results:");
        assertThat(second.finished().out() + second.finished().err()).doesNotContain("\u001b", "\r");
    }

    @Test
    void taskIsCompleted() {
        JsonNode task = home.server().task(first.task());

        assertThat(task.get("status").asString()).isEqualTo("completed");
        assertThat(task.get("name").asString()).isEqualTo("train.py");
        assertThat(task.at("/script/entry_point").asString()).isEqualTo("train.py");
        assertThat(task.get("last_iteration").asInt()).isEqualTo(20);
    }

    @Test
    void scalarsAreWhatTheScriptPrinted() {
        JsonNode histogram = home.server().call("events.scalar_metrics_iter_histogram", Map.of("task", first.task()));

        Map<Integer, String> losses = new TreeMap<>();
        Map<Integer, String> accuracies = new TreeMap<>();
        Matcher epoch = EPOCH.matcher(first.finished().out());
        while (epoch.find()) {
            losses.put(Integer.valueOf(epoch.group(1)), epoch.group(2));
            accuracies.put(Integer.valueOf(epoch.group(1)), epoch.group(3));
        }
        assertThat(losses).hasSize(20);
        assertThat(points(histogram.at("/loss/test"))).isEqualTo(losses);
        assertThat(points(histogram.at("/accuracy/test"))).isEqualTo(accuracies);
    }

    private static Map<Integer, String> points(JsonNode curve) {
        Map<Integer, String> points = new TreeMap<>();
        for (int i = 0; i < curve.get("x").size(); i++) {
            points.put(
                    curve.get("x").get(i).asInt(),
                    String.format("%.4f", curve.get("y").get(i).asDouble()));
        }
        return points;
    }

    @Test
    void confusionMatrixIsAPlot() {
        JsonNode plots = home.server()
                .call("events.get_task_plots", Map.of("task", first.task()))
                .get("plots");

        assertThat(plots.size()).isEqualTo(1);
        assertThat(plots.get(0).get("metric").asString()).isEqualTo("confusion");
    }

    @Test
    void consoleOnTheServerIsTheOneOnTheTerminal() {
        for (Run run : List.of(first, second)) {
            assertThat(home.server().console(run.task()))
                    .isEqualTo(run.finished().out().lines().toList());
        }
    }

    @Test
    void parametersAreOnTheServer() {
        JsonNode arguments = home.server().task(first.task()).at("/hyperparams/Args");

        assertThat(arguments.at("/epochs/value").asString()).isEqualTo("20");
        assertThat(arguments.at("/alpha/value").asString()).isEqualTo("0.0005");
        assertThat(arguments.at("/seed/value").asString()).isEqualTo("7");
    }

    @Test
    void installedPackagesAreOnTheServer() {
        List<String> packages = new ArrayList<>();
        home.server().task(first.task()).at("/script/requirements/pip").forEach(line -> packages.add(line.asString()));

        assertThat(packages).contains("clearml==2.1.12", "scikit-learn==1.7.2").hasSizeGreaterThan(10);
    }

    @Test
    void modelFileCanBeDownloadedAndUsed() throws Exception {
        JsonNode output = home.server().task(first.task()).at("/models/output/0");
        assertThat(output.get("name").asString()).isEqualTo("digits");
        JsonNode model = home.server()
                .call("models.get_by_id", Map.of("model", output.get("model").asString()))
                .get("model");
        assertThat(model.get("framework").asString()).isEqualTo("ScikitLearn");
        assertThat(model.get("task").asString()).isEqualTo(first.task());

        URI uri = URI.create(model.get("uri").asString());
        assertThat(uri.toString()).startsWith(home.server().api() + "/files/").endsWith("/digits.pkl");
        Path file = Files.write(folder.resolve("digits.pkl"), home.server().download(uri));

        // Unpickled by the Python of the cached environment, which has what the model is made of.
        Path python;
        try (var files = Files.walk(home.clearml().resolve("venvs-cache"))) {
            python = files.filter(path -> path.endsWith("bin/python"))
                    .findFirst()
                    .orElseThrow();
        }
        Shell.Finished used = home.shell()
                .run(
                        python.toString(),
                        "-c",
                        "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')).coef_.shape)",
                        file.toString());
        assertThat(used.out()).as(used.err()).isEqualTo("(10, 64)\n");
    }

    @Test
    void nothingOfARunIsLeft() {
        assertThat(home.processes()).isEmpty();
        assertThat(home.clearml().resolve("venvs-builds")).isEmptyDirectory();
        assertThat(home.clearml().resolve("agent/executions")).isEmptyDirectory();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }
}
