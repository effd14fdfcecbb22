// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * A task that prints numbered lines, 20,000 a second, until its end file exists; then it exits with 3.
 *
 * @param id its id
 * @param folder where it and the test leave word for each other
 */
record CountingTask(ServerClient server, String id, Path folder) {

    private static final String SCRIPT = """
            exec python3 -c '
            import os, sys, time
            folder = sys.argv[1]
            start, n = time.monotonic(), 0
            while not os.path.exists(os.path.join(folder, "end")):
                sys.stdout.write("".join(["line %d of an undisturbed task\\n" % i for i in range(n, n + 200)]))
                sys.stdout.flush()
                n += 200
                if n == 200:
                    open(os.path.join(folder, "begun"), "w").close()
                time.sleep(max(0, start + n / 20000 - time.monotonic()))
            with open(os.path.join(folder, "count"), "w") as file:
                file.write("%d %f" % (n, time.monotonic() - start))
            sys.exit(3)
            ' '<folder>'
            """;

    static CountingTask enqueue(ServerClient server, String queue, Path folder) {
        String id = BashTask.enqueue(server, queue, "counts", SCRIPT.replace("<folder>", folder.toString()));
        return new CountingTask(server, id, folder);
    }

    void awaitBegin() throws Exception {
        Eventually.holds("the task has begun", () -> Files.exists(folder.resolve("begun")));
    }

    void end() throws IOException {
        Files.createFile(folder.resolve("end"));
    }

    /** Its own end, and every line of it once and in order. */
    void assertUndisturbed() throws Exception {
        JsonNode task = BashTask.awaitEnd(server, id);
        assertThat(task.get("status").asString()).isEqualTo("failed");
        assertThat(task.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
        String[] count = Files.readString(folder.resolve("count")).split(" ", 2);
        assertThat(Long.parseLong(count[0]) / Double.parseDouble(count[1]))
                .as("lines a second")
                .isGreaterThan(1_000);
        AtomicLong next = new AtomicLong();
        new TaskConsole(server, id).forEachLine(line -> {
            if (line.startsWith("line ")) {
                String expected = "line " + next.getAndIncrement() + " of an undisturbed task";
                if (!line.equals(expected)) { // millions of lines: words only for the wrong one
                    assertThat(line).isEqualTo(expected);
                }
            }
        });
        assertThat(next.get()).isEqualTo(Long.parseLong(count[0]));
    }

    /** Its status has changed as often as it must, and no more. */
    void assertChangedOnce(ServerGate gate) throws Exception {
        assertThat(gate.changes(id)).isEqualTo(List.of("tasks.started", "tasks.dequeue", "tasks.failed"));
        assertThat(server.call("tasks.get_all", Map.of("id", List.of(id))).get("tasks"))
                .hasSize(1);
    }
}
