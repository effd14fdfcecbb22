// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills a running embedded server with a year of work and measures the lists that a page shows, while workers report and tasks
 * write; run by hand, needs only the JDK:
 *
 * <pre>java YearBenchmark.java http://127.0.0.1:8008 ACCESS_KEY SECRET_KEY TASKS SERIES POINTS</pre>
 *
 * Each task has so many series and each series so many points. The lists are measured with a hundredth and a tenth of the tasks
 * too, to show how they grow.
 */
final class YearBenchmark {

    private static final int FILLERS = 4;
    private static final int PROJECTS = 20;
    private static final int WORKERS = 100;
    private static final int WRITERS = 20;
    private static final int TIMES = 20;
    private static final int PAGE = 25;
    private static final Pattern TOKEN = Pattern.compile("\"token\": ?\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"data\": ?\\{\"id\": ?\"([0-9a-f]{32})\"");
    private static final String FIELDS =
            "\"only_fields\":[\"name\",\"type\",\"status\",\"tags\",\"project.name\",\"user.name\","
                    + "\"created\",\"started\",\"completed\",\"last_update\",\"last_iteration\",\"parent\",\"comment\"";

    private final PrintStream out = System.out;
    private final URI server;
    private final String authorization;
    private final int series;
    private final int points;
    private final List<String> projects = new ArrayList<>();
    private final AtomicLong events = new AtomicLong();

    private YearBenchmark(URI server, String authorization, int series, int points) {
        this.server = server;
        this.authorization = authorization;
        this.series = series;
        this.points = points;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        URI server = URI.create(arguments[0]);
        String pair = arguments[1] + ":" + arguments[2];
        String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        String token;
        try (BenchmarkConnection connection = new BenchmarkConnection(server, basic)) {
            token = first(TOKEN, connection.call("auth.login", "application/json", "{}"));
        }
        int tasks = Integer.parseInt(arguments[3]);
        new YearBenchmark(server, "Bearer " + token, Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]))
                .run(tasks);
    }

    private void run(int tasks) throws IOException, InterruptedException {
        try (BenchmarkConnection connection = connect()) {
            for (int i = 0; i < PROJECTS; i++) {
                projects.add(first(
                        ID,
                        connection.call(
                                "projects.create",
                                "application/json",
                                "{\"name\":\"team " + i % 4 + "/work " + i + "\"}")));
            }
        }
        int present = 0;
        for (int size : new int[] {Math.max(1, tasks / 100), Math.max(1, tasks / 10), tasks}) {
            if (size > present) {
                fill(present, size);
                present = size;
                measure(size);
            }
        }
    }

    private BenchmarkConnection connect() throws IOException {
        return new BenchmarkConnection(server, authorization);
    }

    private interface Work {
        void run(BenchmarkConnection connection) throws IOException, InterruptedException;
    }

    private Thread start(Work work) {
        return Thread.ofPlatform().start(() -> {
            try (BenchmarkConnection connection = connect()) {
                work.run(connection);
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the measurement is over
            }
        });
    }

    private void fill(int from, int to) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(from);
        long before = events.get();
        long start = System.nanoTime();
        List<Thread> fillers = new ArrayList<>();
        for (int i = 0; i < FILLERS; i++) {
            fillers.add(start(connection -> {
                for (int task = next.getAndIncrement(); task < to; task = next.getAndIncrement()) {
                    addTask(connection, task);
                }
            }));
        }
        for (Thread filler : fillers) {
            filler.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                "filled up to %d tasks, %d events: %.0f s, %.0f events/s%n",
                to, events.get(), seconds, (events.get() - before) / seconds);
    }

    private void addTask(BenchmarkConnection connection, int number) throws IOException {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            parameters
                    .append(i == 0 ? "" : ",")
                    .append("\"p" + i + "\":{\"section\":\"Args\",\"name\":\"p" + i + "\",\"value\":\""
                            + (number * 31 + i) % 1000 / 1000.0 + "\"}");
        }
        String task = first(
                ID,
                connection.call(
                        "tasks.create",
                        "application/json",
                        "{\"name\":\"experiment " + number + "\",\"type\":\"training\",\"project\":\""
                                + projects.get(number % PROJECTS) + "\",\"tags\":[\"tag" + number % 7
                                + "\"],\"comment\":\"run " + number
                                + "\",\"script\":{\"repository\":\"https://h/r.git\","
                                + "\"entry_point\":\"train.py\",\"diff\":\"" + "+ line\\n".repeat(2500)
                                + "\"},\"configuration\":{\"General\":{\"name\":\"General\",\"value\":\""
                                + "key = value\\n".repeat(400) + "\"}},\"hyperparams\":{\"Args\":{" + parameters
                                + "}}}"));
        connection.call("tasks.started", "application/json", "{\"task\":\"" + task + "\"}");
        for (int point = 0; point < points; point++) {
            scalars(connection, task, point, series, number);
        }
        connection.call("tasks.completed", "application/json", "{\"task\":\"" + task + "\"}");
    }

    private void scalars(BenchmarkConnection connection, String task, int point, int count, int seed)
            throws IOException {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < count; i++) {
            batch.append("{\"type\":\"training_stats_scalar\",\"task\":\"" + task + "\",\"iter\":" + point
                    + ",\"metric\":\"metric " + i / 10 + "\",\"variant\":\"v" + i % 10 + "\",\"value\":"
                    + ((seed * 7919L + i * 31L + point) % 1000) / 1000.0 + "}\n");
        }
        connection.call("events.add_batch", "application/json-lines", batch.toString());
        events.addAndGet(count);
    }

    /** Every worker reports each ten seconds; every writing task sends fifty numbers and a line each second. */
    private List<Thread> load() {
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < WORKERS / 10; i++) {
            int group = i;
            load.add(start(connection -> {
                for (int worker = 0; ; worker = (worker + 1) % 10) {
                    connection.call(
                            "workers.status_report",
                            "application/json",
                            "{\"worker\":\"host" + group + ":" + worker + "\",\"timestamp\":"
                                    + System.currentTimeMillis()
                                    + ",\"machine_stats\":{\"cpu_usage\":[10,20,30,40],\"memory_used\":1000}}");
                    TimeUnit.SECONDS.sleep(1);
                }
            }));
        }
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            load.add(start(connection -> {
                String task = first(
                        ID,
                        connection.call(
                                "tasks.create",
                                "application/json",
                                "{\"name\":\"writer " + writer + "\",\"type\":\"training\"}"));
                connection.call("tasks.started", "application/json", "{\"task\":\"" + task + "\"}");
                for (int point = 0; ; point++) {
                    scalars(connection, task, point, 50, writer);
                    connection.call(
                            "events.add_batch",
                            "application/json-lines",
                            "{\"type\":\"log\",\"task\":\"" + task + "\",\"msg\":\"step " + point + "\"}\n");
                    TimeUnit.SECONDS.sleep(1);
                }
            }));
        }
        return load;
    }

    private void measure(int tasks) throws IOException, InterruptedException {
        List<Thread> load = load();
        TimeUnit.SECONDS.sleep(5);
        String metric = "last_metrics." + md5("metric 3") + "." + md5("v3");
        String all = "tasks.get_all_ex";
        String page = "\"page\":0,\"page_size\":" + PAGE + ",";
        try (BenchmarkConnection connection = connect()) {
            out.printf("%d tasks, %d series each:%n", tasks, series);
            list(connection, "newest tasks", all, page + "\"order_by\":[\"-last_update\"]," + FIELDS + "]");
            list(
                    connection,
                    "of one project and status, with a tag",
                    all,
                    page + "\"project\":[\"" + projects.getFirst()
                            + "\"],\"status\":[\"completed\"],\"tags\":[\"tag0\"],\"order_by\":[\"-created\"]," + FIELDS
                            + "]");
            list(
                    connection,
                    "last page by name",
                    all,
                    "\"page\":" + (tasks - 1) / PAGE + ",\"page_size\":" + PAGE + ",\"order_by\":[\"name\"]," + FIELDS
                            + "]");
            list(
                    connection,
                    "by a metric, which is shown",
                    all,
                    page + "\"order_by\":[\"-" + metric + ".value\"]," + FIELDS + ",\"" + metric + ".value\"]");
            list(
                    connection,
                    "with a metric above a limit",
                    all,
                    page + "\"" + metric + ".max_value\":[0.5,null]," + FIELDS + ",\"" + metric + "\"]");
            list(
                    connection,
                    "by a parameter, which is shown",
                    all,
                    page + "\"order_by\":[\"hyperparams.Args.p3.value\"]," + FIELDS + ",\"hyperparams.Args.p3\"]");
            list(
                    connection,
                    "with all last metrics",
                    all,
                    page + "\"name\":\"^experiment\"," + FIELDS + ",\"last_metrics\"]");
            list(connection, "text search", all, page + "\"search_text\":\"experiment 7\"," + FIELDS + "]");
            list(
                    connection,
                    "projects with statistics",
                    "projects.get_all_ex",
                    "\"include_stats\":true,\"stats_with_children\":true,\"search_hidden\":true");
            list(connection, "names of all metrics", "projects.get_unique_metric_variants", "\"project\":null");
        } finally {
            load.forEach(Thread::interrupt);
            for (Thread thread : load) {
                thread.join();
            }
        }
    }

    private void list(BenchmarkConnection connection, String what, String call, String request) throws IOException {
        long[] took = new long[TIMES];
        int length = 0;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            length = connection
                    .call(call, "application/json", "{" + request + "}")
                    .length();
            took[i] = System.nanoTime() - start;
        }
        Arrays.sort(took);
        out.printf(
                "  %-40s median %6.1f ms, worst of %d %6.1f ms, %d KiB%n",
                what, took[TIMES / 2] / 1e6, TIMES, took[TIMES - 1] / 1e6, length / 1024);
    }

    private static String md5(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
