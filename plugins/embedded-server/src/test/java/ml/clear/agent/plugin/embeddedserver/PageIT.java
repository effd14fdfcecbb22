// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.api.OneTimeTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, with what the unmodified Python SDK has reported. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {

    private static final List<String> PACKAGES = List.of("clearml==2.1.12", "matplotlib==3.10.7", "pandas==2.3.3");
    private static final String ROWS = "[...document.querySelectorAll('.list tbody tr')]";

    private Path data;
    private EmbeddedServerService service;
    private ServiceEndpoint endpoint;
    private Chromium browser;
    private String project;
    private String baseline;
    private String deeper;
    private String slow;
    private String draft;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Path program = Chromium.program();
        TestContext context = TestContext.in(Files.createDirectories(folder.resolve("state")));
        data = folder.resolve("state").resolve("data");
        service = new EmbeddedServerService(context);
        endpoint = service.ensureRunning();
        Path work = Files.createDirectories(folder.resolve("work"));
        PythonEnvironment python = PythonEnvironment.of("clearml-2.1.12", PACKAGES, work, endpoint);
        String[] ids =
                python.python("page.py", work.toString()).firstLine("page: .*").split(" ", -1);
        project = ids[1];
        baseline = ids[2];
        deeper = ids[3];
        slow = ids[4];
        draft = ids[5];
        browser =
                Chromium.start(program, folder.resolve("profile"), "--host-resolver-rules=MAP evil.example 127.0.0.1");
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
        if (service != null) {
            service.stop();
        }
    }

    private BrowserTab open(String path) {
        return browser.open(URI.create(endpoint.web() + path));
    }

    private String path(String task, String rest) {
        return "/projects/" + project + "/tasks/" + task + "/" + rest;
    }

    private JsonNode call(String name, String body) {
        return ApiCall.data(endpoint, name, body.replace('\'', '"'));
    }

    private JsonNode task(String id) {
        return call("tasks.get_by_id", "{'task':'" + id + "'}").path("task");
    }

    private String model(String name) {
        return call("models.get_all", "{'name':'^" + name + "$'}")
                .path("models")
                .path(0)
                .path("id")
                .stringValue();
    }

    private String startedTask(String name) {
        String id = call("tasks.create", "{'name':'" + name + "','type':'training','project':'" + project + "'}")
                .path("id")
                .stringValue();
        call("tasks.started", "{'task':'" + id + "'}");
        return id;
    }

    private void report(String lines) {
        assertThat(ApiCall.lines(endpoint, "events.add_batch", lines.replace('\'', '"'))
                        .path("errors")
                        .asInt(-1))
                .isZero();
    }

    private static String log(String task, long time, String text) {
        return "{'type':'log','task':'" + task + "','timestamp':" + time + ",'msg':'" + text + "'}";
    }

    private static String scalar(String task, int iteration, double value) {
        return "{'type':'training_stats_scalar','task':'" + task + "','iter':" + iteration
                + ",'metric':'loss','variant':'train','value':" + value + ",'timestamp':"
                + (1_700_000_000_000L + iteration) + "}";
    }

    private static void inputs(BrowserTab tab, String title) {
        tab.click(title);
        tab.await("document.querySelector('dialog[open]')");
    }

    private static void confirm(BrowserTab tab) {
        tab.evaluate("document.querySelector('dialog[open] button[type=submit]').click()");
        tab.await("!document.querySelector('dialog[open]')");
    }

    /** Each view with what shows that it is complete. */
    private Map<String, String> views() {
        Map<String, String> views = new LinkedHashMap<>();
        views.put("/projects/*/tasks", ROWS + ".length > 3");
        views.put(path(baseline, "output/log"), "document.body.innerText.includes('epoch 5: loss')");
        views.put(
                path(baseline, "output/metrics/scalar"),
                "document.querySelectorAll('clearml-curve .u-over').length > 2 && document.body.innerText.includes('test accuracy')");
        views.put(
                path(baseline, "output/debugImages"),
                "[...document.images].filter(each => each.naturalWidth === 64).length > 3");
        views.put(path(baseline, "hyper-params/hyper-param"), "document.body.innerText.includes('learning_rate')");
        views.put(path(baseline, "hyper-params/configuration"), "document.body.innerText.includes('activation')");
        views.put(path(baseline, "artifacts"), "document.body.innerText.includes('recognizes digits')");
        views.put(
                path(draft, "execution"),
                "document.querySelector('.diff .added')?.innerText === '+import pandas' && document.body.innerText.includes('scikit-learn>=1.5')");
        views.put(path(baseline, "general"), "document.body.innerText.includes('" + baseline + "')");
        views.put(
                "/projects/*/compare-tasks;ids=" + baseline + "," + deeper + "/parameters",
                "document.querySelectorAll('.differs').length > 1");
        views.put("/projects/*/models", ROWS + ".length === 3");
        views.put(
                "/projects/" + project + "/models/" + model("digits baseline") + "/general",
                "[...document.querySelectorAll('dd a')].some(each => each.innerText === 'baseline')"
                        + " && document.body.innerText.includes('zero')");
        views.put("/workers-and-queues", "document.body.innerText.includes('host:gpu0')");
        views.put("/settings", "document.body.innerText.includes('this machine')");
        return views;
    }

    @Test
    void everyViewIsCompleteAccessibleAndFitsBothWidthsOffline() throws IOException {
        call("workers.register", "{'worker':'host:gpu0'}");
        call(
                "workers.status_report",
                "{'worker':'host:gpu0','timestamp':" + System.currentTimeMillis()
                        + ",'machine_stats':{'cpu_usage':[40,60],'memory_used':2048,'memory_free':6144}}");
        String axe =
                new String(PageIT.class.getResourceAsStream("/axe/axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> view : views().entrySet()) {
            try (BrowserTab tab = open(view.getKey())) {
                tab.await(view.getValue());
                assertThat(tab.problems()).as(view.getKey()).isEmpty();
                tab.evaluate(axe + ";0");
                assertThat(violations(tab)).as(view.getKey()).isEmpty();
                tab.size(400, 800);
                tab.dark(true);
                tab.await(view.getValue());
                assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt())
                        .as("width of " + view.getKey())
                        .isLessThanOrEqualTo(400);
                assertThat(violations(tab))
                        .as("narrow and dark: " + view.getKey())
                        .isEmpty();
                assertThat(tab.requests())
                        .as("requests of " + view.getKey())
                        .allMatch(address -> address.startsWith(endpoint.web() + "/") || address.equals("about:blank"))
                        .noneMatch(address -> address.contains("plotly.js"));
            }
        }
    }

    private static String violations(BrowserTab tab) {
        return tab.evaluate("axe.run().then(found => found.violations.map(each => each.id + ': ' + each.nodes.map("
                        + "node => node.html + ' ' + node.failureSummary).join('; ')).join('\\n'))")
                .stringValue();
    }

    @Test
    void consoleShowsWhatATerminalShows() {
        try (BrowserTab tab = open("/projects/*/experiments/" + baseline + "/output/log")) {
            tab.awaitText("training with a rate of 0.1");
            assertThat(tab.evaluate("document.querySelector('.console-lines').innerText")
                            .stringValue())
                    .contains("epoch 5: loss")
                    .doesNotContain("50%")
                    .doesNotContain("\u001b");
            assertThat(tab.evaluate("[...document.querySelectorAll('.console-line span')].find("
                                    + "each => each.innerText === 'warning:').style.color")
                            .stringValue())
                    .isEqualTo("var(--ansi-1)");
            assertThat(tab.evaluate("fetch(document.querySelector('a[download]').href).then(answer => answer.text())")
                            .stringValue())
                    .contains("training");
        }
    }

    @Test
    void figuresAreDrawnByPlotlyUnderThePolicy() {
        try (BrowserTab tab = open(path(baseline, "output/metrics/plots"))) {
            tab.size(1280, 3000);
            tab.await("document.querySelectorAll('clearml-figure[drawn]').length === 5");
            assertThat(tab.evaluate("[...document.querySelectorAll('.figure h2')].map(each => each.innerText).join()")
                            .stringValue())
                    .isEqualTo("confusion matrix / test,errors / worst digits,landscape / loss,"
                            + "precision and recall / test,weights / layer 1");
            tab.evaluate("{const range = document.querySelector('input[type=range]'); range.value = '0';"
                    + " range.dispatchEvent(new Event('input'));}");
            tab.awaitText("Iteration 0");
            tab.await("[...document.querySelectorAll('.xtitle')].some(each => each.textContent === 'predicted')");
            // Plotly tries to add the styles of maps, which the policy refuses; figures do not need them.
            assertThat(tab.problems()).allMatch(problem -> problem.contains("plotly.js"));
        }
    }

    @Test
    void tableSearchesFiltersAndOrdersByMetricsAndParameters() {
        try (BrowserTab tab = open("/projects/" + project + "/tasks?status=completed")) {
            tab.await(ROWS + ".length === 3");
            tab.fill("input[type=search]", "DEEPER");
            tab.await(ROWS + ".length === 1 && " + ROWS + "[0].innerText.includes('deeper net')");
            assertThat(tab.evaluate("location.search").stringValue()).contains("search=DEEPER");
            tab.fill("input[type=search]", "");
            tab.await(ROWS + ".length === 3");
            inputs(tab, "Columns");
            for (String column : List.of("loss / validation", "general / learning_rate")) {
                tab.evaluate("document.querySelector('[data-title=\"" + column + "\"] input').click()");
            }
            confirm(tab);
            tab.await(ROWS + "[0].innerText.includes('0.')");
            tab.click("General / learning_rate");
            tab.await("document.querySelector('th[aria-sort=descending]')?.innerText.startsWith('General')");
            tab.await(ROWS + "[0].innerText.includes('deeper net')");
            tab.click("General / learning_rate");
            tab.await(ROWS + "[0].innerText.includes('slow rate')");
            tab.click("loss / validation");
            tab.click("loss / validation");
            tab.await(ROWS + "[0].innerText.includes('deeper net')");
            tab.go(URI.create(endpoint.web() + "/projects/" + project + "/tasks?status=created"));
            tab.await(ROWS + ".every(row => row.innerText.includes('Draft')) && " + ROWS + ".length > 0");
        }
    }

    /** Opens a menu, ticks a choice, and closes the menu by the keyboard. */
    private static void choose(BrowserTab tab, String menu, String choice) {
        String summary = "[...document.querySelectorAll('details.menu')].find(each => each.innerText.startsWith('"
                + menu + "'))";
        tab.await(summary);
        tab.evaluate(summary + ".querySelector('summary').click()");
        tab.await(summary + ".open");
        tab.evaluate("[..." + summary + ".querySelectorAll('label')].find(each => each.innerText.trim() === '" + choice
                + "').querySelector('input').click()");
        tab.press("Escape");
        tab.await("!document.querySelector('details.menu[open]')");
    }

    @Test
    void tableIsFilteredByStatusTypeAndTags() {
        call("tasks.create", "{'name':'one test','type':'testing','project':'" + project + "','tags':['rate']}");
        try (BrowserTab tab = open("/projects/" + project + "/tasks")) {
            choose(tab, "Tags", "rate");
            tab.await(ROWS + ".length === 3");
            choose(tab, "Tags", "tuning");
            tab.await(ROWS + ".length === 2");
            choose(tab, "Tags", "tuning");
            choose(tab, "Type", "testing");
            tab.await(ROWS + ".length === 1 && " + ROWS + "[0].innerText.includes('one test')");
            choose(tab, "Status", "Completed");
            tab.awaitText("No task matches.");
            assertThat(tab.evaluate("location.search").stringValue())
                    .contains("tag=rate", "type=testing", "status=completed");
        }
    }

    @Test
    void modelsAreFoundPublishedTaggedAndDeleted() {
        String id = call(
                        "models.create",
                        "{'name':'a spare one','uri':'s3://bucket/spare.bin','framework':'Spare','ready':false,'project':'"
                                + project + "'}")
                .path("id")
                .stringValue();
        try (BrowserTab tab = open("/projects/*/models?search=SPARE")) {
            tab.await(ROWS + ".length === 1");
            choose(tab, "Framework", "Spare");
            tab.await("location.search.includes('framework=Spare')");
            tab.click("a spare one");
            tab.await("location.pathname === '/projects/" + project + "/models/" + id + "/general'");
            tab.awaitText("s3://bucket/spare.bin");
            tab.awaitText("Digits/Classifier");
            tab.click("Publish");
            tab.await("document.querySelector('[data-status=published]')");
            inputs(tab, "Tags");
            tab.fill("dialog input[name=tags]", "kept");
            confirm(tab);
            tab.await("document.querySelector('.tag')?.innerText === 'kept'");
            JsonNode model = call("models.get_by_id", "{'model':'" + id + "'}").path("model");
            assertThat(model.path("ready").asBoolean(false)).isTrue();
            assertThat(model.path("tags").path(0).asString("")).isEqualTo("kept");
            inputs(tab, "Delete");
            confirm(tab);
            tab.await("location.pathname.endsWith('/models')");
            assertThat(call("models.get_all", "{'name':'^a spare one$'}").path("models"))
                    .isEmpty();
            assertThat(tab.problems()).isEmpty();
        }
        try (BrowserTab tab = open(path(baseline, "artifacts"))) {
            tab.click("digits baseline");
            tab.await("location.pathname.includes('/models/" + model("digits baseline") + "')");
        }
    }

    @Test
    void curvesOfSeveralTasksLieOverEachOther() {
        try (BrowserTab tab = open("/projects/" + project + "/tasks?search=e")) {
            for (String id : List.of("baseline", "deeper net", "slow rate")) {
                tab.await("document.querySelector('[aria-label=\"Select " + id + "\"]')");
                tab.evaluate("document.querySelector('[aria-label=\"Select " + id + "\"]').click()");
            }
            tab.click("Compare");
            tab.await("document.querySelector('clearml-curve[aria-label*=\"slow rate · train\"]')");
            String chart = "document.querySelector('clearml-curve[aria-label*=\"slow rate · train\"]')";
            assertThat(tab.evaluate(chart + ".getAttribute('aria-label')").stringValue())
                    .contains("baseline · train", "deeper net · validation");
            tab.evaluate("{const range = document.querySelector('.chart-bar input[type=range]'); range.value = '0.6';"
                    + " range.dispatchEvent(new Event('input'));}");
            tab.await(chart + ".querySelectorAll('.u-series').length > 9");
            tab.evaluate("{const axis = document.querySelector('.chart-bar select'); axis.value = 'time';"
                    + " axis.dispatchEvent(new Event('change'));}");
            tab.await(chart + "?.querySelector('.u-legend')?.innerText.includes('Time')");
            tab.evaluate("document.querySelector('.chart-bar input[type=checkbox]').click()");
            tab.click("Parameters");
            tab.await("document.querySelectorAll('.differs').length === 2");
        }
    }

    @Test
    void actionsChangeTasks() {
        String id = call("tasks.clone", "{'task':'" + draft + "','new_task_name':'acted upon'}")
                .path("id")
                .stringValue();
        try (BrowserTab tab = open(path(id, "hyper-params/hyper-param"))) {
            inputs(tab, "Tags");
            tab.fill("dialog input[name=tags]", "red, blue");
            confirm(tab);
            tab.await("[...document.querySelectorAll('.tag')].length === 2");
            inputs(tab, "Enqueue");
            confirm(tab);
            tab.awaitText("Queued");
            assertThat(task(id).path("status").asString("")).isEqualTo("queued");
            tab.go(URI.create(endpoint.web() + "/workers-and-queues"));
            tab.awaitText("acted upon");
            tab.go(URI.create(endpoint.web() + path(id, "hyper-params/hyper-param")));
            inputs(tab, "Abort");
            confirm(tab);
            tab.awaitText("Aborted");
            inputs(tab, "Reset");
            confirm(tab);
            tab.awaitText("Draft");
            inputs(tab, "Clone");
            tab.fill("dialog input[name=name]", "cloned");
            tab.fill("dialog input[name='p General epochs']", "77");
            confirm(tab);
            tab.await("!location.pathname.includes('" + id + "')");
            tab.awaitText("cloned");
            tab.awaitText("77");
            tab.click("Archive");
            tab.await("[...document.querySelectorAll('button')].some(each => each.innerText === 'Restore')");
            tab.click("Restore");
            tab.await("[...document.querySelectorAll('button')].some(each => each.innerText === 'Archive')");
            inputs(tab, "Delete");
            confirm(tab);
            tab.await("location.pathname.endsWith('/tasks')");
            assertThat(call("tasks.get_all", "{'name':'^cloned$'}").path("tasks"))
                    .isEmpty();
            assertThat(task(id).path("hyperparams")
                            .path("General")
                            .path("epochs")
                            .path("value")
                            .asString(""))
                    .isEqualTo("10");
            assertThat(tab.problems()).isEmpty();
        }
    }

    @Test
    void printedLineAndGrowingCurveAppearWhileTheTaskRuns() {
        String id = startedTask("live");
        report(log(id, System.currentTimeMillis(), "first line") + "\n" + scalar(id, 0, 1));
        try (BrowserTab tab = open(path(id, "output/log"))) {
            tab.awaitText("first line");
            tab.evaluate(
                    "globalThis.seen = new Promise(resolve => new MutationObserver(() => document.body.innerText.includes('second line')"
                            + " && resolve(Date.now())).observe(document.body, {subtree: true, childList: true, characterData: true})), 0");
            long printed = System.currentTimeMillis();
            report(log(id, printed, "second line"));
            long seen = tab.evaluate("seen").asLong();
            // The aim is two seconds; the limit allows for a loaded machine.
            assertThat(seen - printed).as("milliseconds until the line is seen").isLessThan(10_000);
            tab.click("Scalars");
            tab.await("document.querySelector('clearml-curve')?.dataset.points === '1'");
            report(scalar(id, 1, 0.5) + "\n" + scalar(id, 2, 0.25));
            tab.await("document.querySelector('clearml-curve').dataset.points === '3'");
            call("tasks.failed", "{'task':'" + id + "','status_reason':'out of memory'}");
            tab.awaitText("Failed");
            tab.awaitText("out of memory");
        }
    }

    @Test
    void millionLinesScrollAndAreSearched() {
        String id = startedTask("a million lines");
        int together = 1000;
        for (int batch = 0; batch < 4; batch++) {
            int first = batch * 250;
            report(IntStream.range(first, first + 250)
                    .mapToObj(event -> log(
                            id,
                            1_700_000_000_000L + event,
                            IntStream.range(event * together, (event + 1) * together)
                                    .mapToObj(line -> "line " + line)
                                    .collect(Collectors.joining("\\n"))))
                    .collect(Collectors.joining("\n")));
        }
        try (BrowserTab tab = open(path(id, "output/log"))) {
            tab.awaitText("line 999999");
            // Another request is on its way when the button is pressed.
            tab.evaluate(
                    "{const send = fetch; globalThis.waiting = 0; globalThis.fetch = async (...request) => { waiting++;"
                            + " await new Promise(resolve => setTimeout(resolve, 500)); waiting--; return send(...request); };}");
            tab.await("waiting > 0");
            tab.click("Start");
            tab.await("[...document.querySelectorAll('.console-line')].some(each => each.innerText === 'line 0')");
            tab.fill("clearml-console input[type=search]", "line 123456");
            tab.await("document.querySelector('clearml-console [role=status]')?.innerText === '1 of 1'");
            tab.await("document.querySelector('.console-line.current')?.innerText === 'line 123456'");
            tab.click("End");
            tab.awaitText("line 999999");
            assertThat(tab.evaluate("document.querySelectorAll('.console-line').length")
                            .asInt())
                    .isBetween(20, 200);
            for (String share : List.of("0.75", "0.5", "0.25", "0.9")) {
                tab.evaluate(
                        "{const box = document.querySelector('.console-scroll'); box.scrollTop = box.scrollHeight * "
                                + share + "}");
                tab.await(
                        "[...document.querySelectorAll('.console-line')].some(each => each.getBoundingClientRect().top > "
                                + "document.querySelector('.console-scroll').getBoundingClientRect().top)");
            }
            assertThat(tab.problems()).isEmpty();
        }
    }

    @Test
    void curveOfFiftyThousandPointsIsDrawn() {
        String id = startedTask("fifty thousand points");
        report(IntStream.range(0, 50_000)
                .mapToObj(i -> scalar(id, i, Math.sin(i / 500.0)))
                .collect(Collectors.joining("\n")));
        try (BrowserTab tab = open(path(id, "output/metrics/scalar"))) {
            tab.await("Number(document.querySelector('clearml-curve')?.dataset.points) > 500");
            tab.click("Enlarge loss");
            tab.await("document.querySelector('dialog clearml-curve')?.dataset.points === '50000'");
        }
    }

    @Test
    void everythingIsReachedByKeyboard() {
        try (BrowserTab tab = open("/projects/" + project + "/tasks?search=baseline")) {
            tab.await(ROWS + ".length === 1");
            StringBuilder reached = new StringBuilder();
            for (int i = 0; i < 25; i++) {
                tab.press("Tab");
                reached.append(tab.evaluate(
                                        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText")
                                .asString(""))
                        .append('|');
                if (tab.evaluate("document.activeElement.innerText")
                        .asString("")
                        .equals("baseline")) {
                    tab.press("Enter");
                    break;
                }
            }
            assertThat(reached)
                    .contains(
                            "Skip to content|",
                            "Workers|",
                            "Search tasks|",
                            "Columns|",
                            "Select baseline|",
                            "baseline|");
            tab.await("location.pathname.includes('" + baseline + "')");
        }
    }

    @Test
    void artifactsAreDownloaded() {
        try (BrowserTab tab = open(path(baseline, "artifacts"))) {
            tab.awaitText("recognizes digits");
            assertThat(tab.evaluate(
                                    "Promise.all([...document.querySelectorAll('a[download]')].map(link => fetch(link.href)"
                                            + ".then(answer => answer.ok ? answer.arrayBuffer() : {byteLength: 0})))"
                                            + ".then(all => all.every(each => each.byteLength > 0) ? all.length : 0)")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    @Test
    void browserBehindAProxyLogsInWithALinkOnceOrWithAKey() throws IOException {
        String link = endpoint.web() + "/login#"
                + OneTimeTokens.of(DataFolder.open(data), TestContext.in(data).clock())
                        .create();
        try (BrowserTab tab = browser.openApart(Map.of("X-Forwarded-For", "192.0.2.1"))) {
            tab.go(URI.create(endpoint.web() + path(baseline, "output/log")));
            tab.awaitText("Log in");
            tab.fill("input[name=access]", endpoint.accessKey());
            tab.fill("input[name=secret]", "wrong");
            tab.evaluate("document.querySelector('form button').click()");
            tab.awaitText("the access key or the secret key is wrong");
            tab.fill("input[name=secret]", endpoint.secretKey().reveal());
            tab.evaluate("document.querySelector('form button').click()");
            tab.awaitText("training with a rate");
            tab.go(URI.create(endpoint.web() + "/settings"));
            tab.click("Log out");
            tab.await("document.querySelector('.login')");
            tab.go(URI.create(link));
            tab.await("location.pathname === '/projects/*/tasks' && location.hash === ''");
        }
        try (BrowserTab tab = browser.openApart(Map.of("X-Forwarded-For", "192.0.2.1"))) {
            tab.go(URI.create(link));
            tab.await("document.querySelector('.login')");
        }
    }

    /** Sites of the same host, of another host, and of a host whose name leads to this machine. */
    @Test
    void pagesOfOtherSitesChangeNothing() throws IOException {
        try (BrowserTab own = open("/settings")) {
            own.awaitText("this machine");
        }
        try (ForeignSite site = ForeignSite.start(endpoint.web(), baseline)) {
            for (String host : List.of("127.0.0.1", "localhost", "evil.example")) {
                try (BrowserTab tab = browser.open(site.at(host))) {
                    tab.await("globalThis.attacked");
                    assertThat(tab.evaluate("stolen.join()").asString("?"))
                            .as(host)
                            .isEmpty();
                }
            }
        }
        assertThat(call("tasks.get_all", "{'name':'attack'}").path("tasks")).isEmpty();
        assertThat(task(baseline).path("status").asString("")).isEqualTo("completed");
        URI renamed = URI.create("http://evil.example:" + endpoint.web().getPort() + "/projects");
        try (BrowserTab tab = browser.open(renamed)) {
            tab.awaitText("is not known as 'evil.example");
        }
        try (BrowserTab tab = open(path(slow, "output/log"))) {
            tab.awaitText("training with a rate");
        }
    }
}
