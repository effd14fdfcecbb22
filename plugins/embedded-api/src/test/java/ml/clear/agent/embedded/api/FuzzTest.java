// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Mutated requests: every answer is an envelope, and none says that the server failed. 100,000 with -Dsoak=true. */
class FuzzTest {

    private static final List<String> BODIES = List.of(
            "{'name':'task','type':'training','tags':['a'],'script':{'binary':'python','requirements':{'pip':'x'}},"
                    + "'execution':{'artifacts':[{'key':'k','type':'t'}]},'hyperparams':{'A':{'b':{'section':'A','name':'b','value':'1'}}},"
                    + "'configuration':{'c':{'name':'c','value':'v'}},'models':{'input':[]},'container':{},'runtime':{'r':1},'parent':''}",
            "{'task':'TASK','force':true,'status_reason':'r','status_message':'m','queue':'QUEUE','publish':false,'new_status':'created'}",
            "{'id':['TASK'],'name':'^a','only_fields':['id','runtime.x'],'order_by':['-name'],'page':0,'page_size':5,"
                    + "'tags':['__$all','a'],'_any_':{'fields':['name'],'pattern':'x'},'last_update':['>=2026-01-01'],'filters':{'tags':{'any':{'include':['a']}}}}",
            "{'queue':'QUEUE','task':'TASK','count':1,'name':'queue','tags':['t']}",
            "{'worker':'w','timestamp':5,'task':'TASK','queues':['QUEUE'],'machine_stats':{'cpu_usage':[1]},'timeout':60,'last_seen':0,'worker_pattern':'*'}",
            "{'type':'training_stats_scalar','task':'TASK','iter':1,'metric':'m','variant':'v','value':0.5,'timestamp':5}",
            "{'type':'plot','task':'TASK','iter':1,'metric':'m','variant':'v','plot_str':'{}'}",
            "{'task':'TASK','tasks':['TASK'],'metrics':[{'task':'TASK','metric':'m','variants':['v']}],'iters':2,'key':'iter','samples':10,"
                    + "'batch_size':5,'order':'asc','event_type':'log','scroll_id':'5.asc','navigate_earlier':true,'from_timestamp':3}",
            "{'tasks':['TASK'],'task':'TASK','hyperparams':[{'section':'A','name':'b','value':'1'}],'replace_hyperparams':'none',"
                    + "'configuration':[{'name':'c','value':'v'}],'artifacts':[{'key':'k','type':'t'}],'requirements':{'pip':'x'},'names':['c']}",
            "{'name':'model','uri':'u','model':'MODEL','task':'TASK','project':'PROJECT','labels':{},'design':{},'tags':[],'type':'input',"
                    + "'metadata':[{'key':'k','type':'t','value':'v'}],'ids':['MODEL','TASK'],'iteration':1,'ready':false}",
            "{'project':'PROJECT','name':'some/project','description':'','shallow_search':true,'size':3,'scroll_id':null}");

    private final Random random = new Random(20_261_124);

    @Test
    void mutatedRequestsLeaveTheServerHealthy(@TempDir Path folder) {
        int rounds = Boolean.getBoolean("soak") ? 100_000 : 3_000;
        try (TestServer server = new TestServer(folder)) {
            String task = server.newTask("");
            String queue = server.data("queues.get_default", "{}").path("id").stringValue();
            String model = server.data("models.create", "{'name':'model','uri':'x'}")
                    .path("id")
                    .stringValue();
            String project = server.data("projects.create", "{'name':'project'}")
                    .path("id")
                    .stringValue();
            List<String> bodies = BODIES.stream()
                    .map(body -> body.replace('\'', '"')
                            .replace("TASK", task)
                            .replace("QUEUE", queue)
                            .replace("MODEL", model)
                            .replace("PROJECT", project))
                    .toList();
            List<String> endpoints = server.server.endpointNames().stream()
                    .filter(name ->
                            !List.of("auth.logout", "events.download_task_log").contains(name))
                    .sorted()
                    .toList();
            for (int i = 0; i < rounds; i++) {
                String endpoint = pick(endpoints);
                byte[] body = mutate(pick(bodies));
                HttpResponse<String> response = server.send(server.request("/v2.34/" + endpoint)
                        .header("Content-Type", random.nextInt(5) == 0 ? "application/json-lines" : "application/json")
                        .method("POST", BodyPublishers.ofByteArray(body)));
                JsonNode answer = Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
                String what = endpoint + " " + new String(body, StandardCharsets.UTF_8) + " -> " + response.body();
                assertThat(answer.path("data").isObject()).as(what).isTrue();
                assertThat(answer.path("meta").path("result_code").asInt())
                        .as(what)
                        .isEqualTo(response.statusCode());
                assertThat(response.statusCode()).as(what).isIn(200, 400);
            }
            assertThat(server.codes("queues.get_all", "{}")).isEqualTo("200/0");
            assertThat(server.newTask("")).hasSize(32);
        }
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] mutate(String body) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return bytes;
        }
        ObjectNode object = Json.parseObject(body);
        for (int i = random.nextInt(3); i >= 0; i--) {
            change(object, 3);
        }
        try {
            return Json.bytes(object);
        } catch (JacksonException e) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    private void change(ObjectNode object, int depth) {
        if (object.isEmpty()) {
            return;
        }
        String name = pick(List.copyOf(new TreeSet<>(object.propertyNames())));
        JsonNode value = object.path(name);
        if (depth > 0 && random.nextBoolean() && value instanceof ObjectNode inner) {
            change(inner, depth - 1);
        } else if (depth > 0 && random.nextBoolean() && value instanceof ArrayNode list && !list.isEmpty()) {
            if (list.get(0) instanceof ObjectNode inner) {
                change(inner, depth - 1);
            } else {
                list.set(0, odd());
            }
        } else if (random.nextInt(6) == 0) {
            object.remove(name);
        } else {
            object.set(name, odd());
        }
    }

    private JsonNode odd() {
        ArrayNode odd = Json.array()
                .add(-1)
                .add(Long.MAX_VALUE)
                .add(1e300)
                .add(Double.NaN)
                .add("")
                .add("x\u0000y")
                .add("\ud800")
                .add("(")
                .add("a".repeat(5000))
                .add("__$not")
                .add("../..")
                .add(true)
                .addNull();
        odd.addArray().addArray().add(1);
        odd.addObject().putObject("a").put("b", 1);
        odd.addArray().addNull().add("x");
        return odd.get(random.nextInt(odd.size()));
    }
}
