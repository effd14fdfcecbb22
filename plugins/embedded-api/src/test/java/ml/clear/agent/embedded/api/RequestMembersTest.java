// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is done with each member of each request. A member that is read shows it by refusing a value of a wrong type; one that
 * is not read stands in the list with the reason.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestMembersTest {

    /** Wrong in every place: no text, number, flag or object, and no list of any of them. */
    private static final JsonNode WRONG = Json.array().add(Json.array().add(Json.array()));

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A line of the list. */
    record Line(String call, String request, List<String> read, List<String> ignored) {

        static Line of(String text) {
            String[] parts = text.split("\\|", -1);
            return new Line(
                    parts[0].strip(), parts[1].strip(), words(parts[2]), words(parts[3].replaceFirst(":.*", "")));
        }

        private static List<String> words(String text) {
            return Arrays.stream(text.strip().split("\\s+", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        boolean many() {
            return call.endsWith("_many");
        }

        @Override
        public String toString() {
            return call;
        }
    }

    static Stream<Line> lines() {
        try (var in = RequestMembersTest.class.getResourceAsStream("request-members.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.isBlank() && !line.startsWith("#")).map(Line::of).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyCallIsListed() {
        assertThat(lines().map(Line::call)).doesNotHaveDuplicates();
        assertThat(lines().map(Line::call)).containsExactlyInAnyOrderElementsOf(server.server.endpointNames());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void membersThatAreReadRefuseWrongValues(Line line) {
        if (!line.request().startsWith("{")) {
            return; // no request that can be varied
        }
        ObjectNode request = Json.parseObject(filled(line.request()));
        Set<String> unread = new HashSet<>();
        for (String member : line.read()) {
            ObjectNode wrong = request.deepCopy();
            wrong.set(member, WRONG);
            if (!refused(line, wrong)) {
                unread.add(member);
            }
        }
        assertThat(unread).as("members that are listed as read").isEmpty();
        ObjectNode indifferent = request.deepCopy();
        line.ignored().forEach(member -> indifferent.set(member, WRONG));
        assertThat(refused(line, indifferent)).as("refused: " + indifferent).isFalse();
    }

    private boolean refused(Line line, ObjectNode request) {
        JsonNode answer = server.answer("/v2.34/" + line.call(), Json.text(request));
        int code = answer.path("meta").path("result_code").asInt();
        assertThat(code).as(request + " -> " + answer).isIn(200, 400);
        return code == 400
                || (line.many() && !answer.path("data").path("failed").isEmpty());
    }

    /** The request with the ids of fresh objects. */
    private String filled(String request) {
        Map<String, String> ids = new HashMap<>();
        String unique = Stores.newId();
        ids.put("project", created("projects.create", "{'name':'project " + unique + "'}"));
        ids.put("other", created("projects.create", "{'name':'other " + unique + "'}"));
        ids.put("queue", created("queues.create", "{'name':'queue " + unique + "'}"));
        ids.put("task", server.newTask(",'project':'" + ids.get("project") + "'"));
        ids.put("queued", server.newTask(""));
        server.data("tasks.enqueue", "{'task':'" + ids.get("queued") + "','queue':'" + ids.get("queue") + "'}");
        ids.put("model", created("models.create", "{'name':'model','uri':'file:///m','ready':false}"));
        ids.put("report", created("reports.create", "{'name':'report'}"));
        ids.put("endpoint", unique);
        server.data(
                "/v2.34/serving.container_status_report",
                "{'container_id':'x','endpoint_name':'e','endpoint_url':'" + unique + "','model_name':'m'}");
        String filled = request.replace('\'', '"');
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace("\"$" + id.getKey() + "\"", "\"" + id.getValue() + "\"");
        }
        return filled;
    }

    private String created(String call, String request) {
        return server.data(call, request).path("id").stringValue();
    }
}
