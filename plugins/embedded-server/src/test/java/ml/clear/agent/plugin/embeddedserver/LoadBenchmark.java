// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts load on a running embedded server and prints what it bears; run by hand, needs only the JDK:
 *
 * <pre>java LoadBenchmark.java http://127.0.0.1:8008 ACCESS_KEY SECRET_KEY PID [one-line events of the large task]</pre>
 */
final class LoadBenchmark {

    private static final int CONNECTIONS = 4;
    private static final int SECONDS = 5;
    private static final int LINES_A_BATCH = 500;
    private static final int SERIES = 1000;
    private static final int POINTS = 100;
    private static final Pattern TOKEN = Pattern.compile("\"token\": ?\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\": ?\"([0-9a-f]{32})\"");

    private final PrintStream out = System.out;
    private final URI server;
    private final String authorization;
    private final Path process;

    private LoadBenchmark(URI server, String authorization, Path process) {
        this.server = server;
        this.authorization = authorization;
        this.process = process;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        URI server = URI.create(arguments[0]);
        String pair = arguments[1] + ":" + arguments[2];
        String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        String token;
        try (BenchmarkConnection connection = new BenchmarkConnection(server, basic)) {
            token = first(TOKEN, connection.call("auth.login", "application/json", "{}"));
        }
        new LoadBenchmark(server, "Bearer " + token, Path.of("/proc", arguments[3]))
                .run(arguments.length > 4 ? Long.parseLong(arguments[4]) : 5_000_000);
    }

    private void run(long largeTask) throws IOException, InterruptedException {
        memory("before");
        try (BenchmarkConnection connection = new BenchmarkConnection(server, authorization)) {
            latency(
                    "one small POST after another",
                    2000,
                    () -> connection.call("debug.ping", "application/json", "{}"));
            String task = newTask(connection);
            String report = "{\"worker\":\"bench:0\",\"timestamp\":1,\"task\":\"" + task + "\",\"tags\":null}";
            String id = "{\"task\":\"" + task + "\"}";
            together(
                    "small requests, tasks.get_by_id",
                    1,
                    other -> other.call("tasks.get_by_id", "application/json", id));
            together("small requests, tasks.ping", 1, other -> other.call("tasks.ping", "application/json", id));
            together(
                    "small requests, workers.status_report",
                    1,
                    other -> other.call("workers.status_report", "application/json", report));
            String one = lines(newTask(connection), 1, 60);
            together("events of one line, each in a request of its own", 1, other -> events(other, one));
            String many = lines(newTask(connection), LINES_A_BATCH, 60);
            together("events of one line, 500 a batch", LINES_A_BATCH, other -> events(other, many));
            String big = lines(newTask(connection), 4, 1 << 16);
            int inBig = 4 * ((1 << 16) / 64);
            together("lines in events of 64 KiB, 4 a batch", inBig, other -> events(other, big));
            memory("under load");
            TimeUnit.SECONDS.sleep(60);
            memory("one minute later");
        }
        largeTask(largeTask);
    }

    private void largeTask(long count) throws IOException, InterruptedException {
        String task;
        try (BenchmarkConnection connection = new BenchmarkConnection(server, authorization)) {
            task = newTask(connection);
        }
        AtomicLong left = new AtomicLong(count);
        double processor = processorSeconds();
        long start = System.nanoTime();
        inParallel(other -> {
            while (left.addAndGet(-LINES_A_BATCH) >= 0) {
                events(other, lines(task, LINES_A_BATCH, 60));
            }
        });
        rate("a task of " + count + " lines", count, seconds(start), processorSeconds() - processor);
        long middle = System.currentTimeMillis() - (long) (seconds(start) * 500);
        try (BenchmarkConnection connection = new BenchmarkConnection(server, authorization)) {
            for (int i = 0; i < POINTS; i++) {
                StringBuilder batch = new StringBuilder();
                for (int series = 0; series < SERIES; series++) {
                    batch.append("{\"type\":\"training_stats_scalar\",\"task\":\"" + task + "\",\"iter\":" + i
                            + ",\"metric\":\"metric " + series / 10 + "\",\"variant\":\"" + series % 10
                            + "\",\"value\":0.5}\n");
                }
                events(connection, batch.toString());
            }
            memory("with the large task");
            page(connection, "newest 100 lines", "events.get_task_log", task, "\"batch_size\":100");
            page(
                    connection,
                    "oldest 100 lines",
                    "events.get_task_log",
                    task,
                    "\"batch_size\":100,\"navigate_earlier\":false");
            page(
                    connection,
                    "100 lines in the middle",
                    "events.get_task_log",
                    task,
                    "\"batch_size\":100,\"from_timestamp\":" + middle);
            page(connection, "newest 5000 lines", "events.get_task_log", task, "\"batch_size\":5000");
            page(connection, "log events", "events.get_task_events", task, "\"event_type\":\"log\",\"batch_size\":500");
            page(
                    connection,
                    "scalar events",
                    "events.get_task_events",
                    task,
                    "\"event_type\":\"training_stats_scalar\",\"batch_size\":500");
            page(
                    connection,
                    "curves of one metric",
                    "events.scalar_metrics_iter_histogram",
                    task,
                    "\"metrics\":[{\"metric\":\"metric 7\"}]");
            page(connection, "all 1000 curves", "events.scalar_metrics_iter_histogram", task, "\"samples\":100");
            page(connection, "the task with its last metrics", "tasks.get_by_id", task, "\"x\":1");
            memory("after paging");
            delete(connection, task);
            memory("after deleting the large task");
            TimeUnit.SECONDS.sleep(60);
            memory("one minute later");
        }
    }

    private void delete(BenchmarkConnection connection, String task) throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        long[] worst = {0};
        Thread other = Thread.ofPlatform().start(() -> {
            try (BenchmarkConnection second = new BenchmarkConnection(server, authorization)) {
                while (done.getCount() > 0) {
                    long start = System.nanoTime();
                    newTask(second);
                    worst[0] = Math.max(worst[0], System.nanoTime() - start);
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        long start = System.nanoTime();
        connection.call("tasks.delete", "application/json", "{\"force\":true,\"task\":\"" + task + "\"}");
        out.printf("%-60s %10.0f ms%n", "deleting the large task", seconds(start) * 1000);
        TimeUnit.SECONDS.sleep(10);
        done.countDown();
        other.join();
        out.printf("%-60s %10.0f ms%n", "slowest other write meanwhile", worst[0] / 1e6);
    }

    private void page(BenchmarkConnection connection, String what, String call, String task, String more)
            throws IOException {
        latency(
                "large task, " + what,
                5,
                () -> connection.call(call, "application/json", "{\"task\":\"" + task + "\"," + more + "}"));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void latency(String what, int times, Step step) throws IOException {
        long[] took = new long[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            step.run();
            took[i] = System.nanoTime() - start;
        }
        Arrays.sort(took);
        out.printf(
                "%-60s median %.2f ms, 99th of 100 %.2f ms, worst %.2f ms%n",
                what, took[times / 2] / 1e6, took[times * 99 / 100] / 1e6, took[times - 1] / 1e6);
    }

    private interface Load {
        void on(BenchmarkConnection connection) throws IOException;
    }

    private void together(String what, int units, Load load) throws IOException, InterruptedException {
        AtomicLong calls = new AtomicLong();
        double processor = processorSeconds();
        long start = System.nanoTime();
        inParallel(connection -> {
            while (seconds(start) < SECONDS) {
                load.on(connection);
                calls.incrementAndGet();
            }
        });
        rate(what, calls.get() * units, seconds(start), processorSeconds() - processor);
    }

    private void inParallel(Load load) throws InterruptedException {
        Thread[] threads = new Thread[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                try (BenchmarkConnection connection = new BenchmarkConnection(server, authorization)) {
                    load.on(connection);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void events(BenchmarkConnection connection, String lines) throws IOException {
        connection.call("events.add_batch", "application/json-lines", lines);
    }

    private static String newTask(BenchmarkConnection connection) throws IOException {
        String body = "{\"name\":\"bench\",\"type\":\"training\"}";
        return first(
                ID, connection.call("tasks.create", "application/json", body).replaceAll("\"meta\".*?\"data\"", ""));
    }

    /** Events of a log; each holds as many lines of 64 characters as fit into the given length. */
    private static String lines(String task, int events, int length) {
        String text = ("x".repeat(59) + "\\n").repeat(Math.max(1, length / 64));
        String line = "{\"type\":\"log\",\"task\":\"" + task + "\",\"level\":\"INFO\",\"worker\":\"bench\",\"msg\":\""
                + text + "\",\"timestamp\":" + System.currentTimeMillis() + "}\n";
        return line.repeat(events);
    }

    /** The second number is what the server can do while other processes keep the machine busy. */
    private void rate(String what, long units, double seconds, double processor) {
        out.printf(
                "%-60s %,10.0f /s, %,10.0f a second of the server's processor time%n",
                what, units / seconds, units / processor);
    }

    private double processorSeconds() throws IOException {
        String line = Files.readString(process.resolve("stat"));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private void memory(String when) throws IOException {
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
                out.printf("%-60s %s%n", "memory " + when, line.replaceAll("\\s+", " "));
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
