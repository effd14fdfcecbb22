// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class QueryTest {

    private final TaskDocuments tasks = TaskDocuments.plain();
    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.open(folder);
        add(
                "a",
                "'name':'my proj/sub-x','status':'created','tags':['red','blue'],'last_iteration':5,'type':'training'");
        add("b", "'name':'other','status':'queued','tags':['red'],'last_iteration':1,'project':'p1','type':'testing'");
        add("c", "'name':'Third','status':'created','tags':[],'project':'p1','runtime':{'a.b':'x','n':2}");
        add("d", "'name':'secret','status':'failed','system_tags':['hidden'],'created':'2026-11-22T00:00:00+00:00'");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void add(String id, String members) {
        ObjectNode task = Json.parseObject(("{'id':'" + id + "'," + members + "}").replace('\'', '"'));
        database.write(session -> {
            tasks.insert(session, task);
            return task;
        });
    }

    private List<String> ids(String request) {
        ObjectNode arguments = Json.parseObject(request.replace('\'', '"'));
        return database.read(session -> Query.of(Kind.TASK, arguments).ids(session, Condition.ALL));
    }

    private ArrayNode answer(String request) {
        ObjectNode arguments = Json.parseObject(request.replace('\'', '"'));
        Query query = Query.of(Kind.TASK, arguments);
        return database.read(
                session -> query.project(query.documents(session, tasks, query.page(session, Condition.ALL))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                              | abc",
                "{'search_hidden':true}                          | abcd",
                "{'id':['d','a']}                                | ad",
                "{'id':'d'}                                      | d",
                "{'id':[]}                                       | abc",
                "{'name':'r'}                                    | abc",
                "{'name':'^my\\\\ proj/sub\\\\-x$'}              | a",
                "{'name':'third'}                                | ``",
                "{'_any_':{'fields':['name'],'pattern':'third'}} | c",
                "{'status':['created'],'project':['p1']}         | c",
                "{'tags':['red']}                                | ab",
                "{'tags':['__$all','red','blue']}                | a",
                "{'tags':['red','-blue']}                        | b",
                "{'tags':['__$not','red']}                       | c",
                "{'tags':['__$all','red','__$not','blue']}       | b",
                "{'tags':['__$all','red','__$nop','blue']}       | a",
                "{'project':[null]}                              | a",
                "{'runtime.n':2}                                 | c",
                "{'runtime.a.b':'x'}                             | c",
                "{'last_iteration':[2,null]}                     | a",
                "{'created':['2026-11-21',null],'id':['d']}      | d",
                "{'created':['>=2026-11-23'],'id':['d']}         | ``",
                "{'filters':{'tags':{'any':{'include':['blue']}}}} | a",
                "{'filters':{'tags':{'all':{'exclude':['red']}}}}  | c",
                "{'no_such_filter':['x']}                        | abc",
                "{'order_by':['last_iteration']}                 | bac",
                "{'order_by':['-last_iteration']}                | abc",
                "{'order_by':['-name']}                          | bac"
            })
    void filtersAndOrders(String request, String expected) {
        assertThat(String.join("", ids(request))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'('}                    | 21",
                "{'name':['x']}                  | 16",
                "{'id':5}                        | 16",
                "{'tags':{}}                     | 16",
                "{'only_fields':['nonsense']}    | 14",
                "{'only_fields':'name'}          | 14",
                "{'only_fields':['script.bogus']}| 14",
                "{'order_by':['nonsense']}       | 14",
                "{'page_size':0}                 | 12",
                "{'page':-1}                     | 12",
                "{'page_size':'5'}               | 12",
                "{'start':0}                     | 12",
                "{'name':'^(a+)+$','_any_':{'fields':['bogus'],'pattern':'x'}} | 14"
            })
    void senselessRequestsAreRefused(String request, int subcode) {
        assertThatThrownBy(() -> answer(request))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.subcode()).isEqualTo(subcode));
    }

    private void addScalar(String task, int iteration, double value) {
        addScalar(new Event.Place(task, iteration, "loss", "train"), value, "");
    }

    private void addScalar(Event.Place place, double value, String axis) {
        database.write(session -> {
            new EventWriter().add(session, place.owner(), List.of(new Event.Scalar(place, 1, value, "w", axis)), 1);
            return 0;
        });
    }

    @Test
    void allLastMetricsAreGroupedByTheirMetric() {
        addScalar(new Event.Place("a", 1, "loss", "train"), 0.5, "");
        addScalar(new Event.Place("a", 1, "a \"quoted\"\nname", "ä"), 1e300, "an \"axis\"\nof time");
        addScalar(new Event.Place("a", 2, "loss", "test"), 0.25, "");
        Query query = Query.of(Kind.TASK, Json.parseObject("{\"id\":[\"a\"],\"only_fields\":[\"last_metrics\"]}"));
        String text = Json.text(database.<ArrayNode>read(session -> query.project(
                query.documents(session, TaskDocuments.shown(query.projection()), query.ids(session, Condition.ALL)))));
        JsonNode metrics = Json.parseText(text).path(0).path("last_metrics");
        assertThat(metrics).hasSize(2);
        JsonNode loss = metrics.path(Metrics.md5("loss"));
        assertThat(loss.path(Metrics.md5("train")).path("value").asDouble()).isEqualTo(0.5);
        assertThat(loss.path(Metrics.md5("test")).path("iter").asInt()).isEqualTo(2);
        JsonNode other = metrics.path(Metrics.md5("a \"quoted\"\nname")).path(Metrics.md5("ä"));
        assertThat(other.path("metric").asString("")).isEqualTo("a \"quoted\"\nname");
        assertThat(other.path("value").asDouble()).isEqualTo(1e300);
        assertThat(other.path("x_axis_label").asString("")).isEqualTo("an \"axis\"\nof time");
    }

    @Test
    void metricsOrderAndFilterByTheColumnsOfTheirSeries() {
        addScalar("a", 1, 0.5);
        addScalar("b", 1, 0.25);
        addScalar("b", 2, 2);
        String metric = "last_metrics." + Metrics.md5("loss") + "." + Metrics.md5("train");
        assertThat(ids("{'order_by':['-" + metric + ".value']}")).containsExactly("b", "a", "c");
        assertThat(ids("{'order_by':['" + metric + ".min_value']}")).containsExactly("b", "a", "c");
        assertThat(ids("{'" + metric + ".max_value':[1,null]}")).containsExactly("b");
        assertThat(ids("{'order_by':['last_metrics.nonsense.value']}")).containsExactly("a", "b", "c");
        Query query =
                Query.of(Kind.TASK, Json.parseObject("{\"id\":[\"b\"],\"only_fields\":[\"" + metric + ".value\"]}"));
        assertThat(database.<ArrayNode>read(session -> query.project(query.documents(
                        session, TaskDocuments.shown(query.projection()), query.ids(session, Condition.ALL)))))
                .hasToString("[{\"last_metrics\":{\"" + Metrics.md5("loss") + "\":{\"" + Metrics.md5("train")
                        + "\":{\"value\":2.0}}}}]");
    }

    @Test
    void parametersAreOrderedAsNumbersWhereTheyAreNumbers() {
        add("x", "'name':'n1','hyperparams':{'Args':{'lr':{'value':'10'},'a.b':{'value':'1'}}}");
        add("y", "'name':'n2','hyperparams':{'Args':{'lr':{'value':'9'}}}");
        add("z", "'name':'n3','hyperparams':{'Args':{'lr':{'value':'none'}}}");
        assertThat(ids("{'name':'^n','order_by':['hyperparams.Args.lr.value']}"))
                .containsExactly("y", "x", "z");
        assertThat(ids("{'name':'^n','order_by':['-hyperparams.Args.lr.value']}"))
                .containsExactly("z", "x", "y");
        assertThat(ids("{'hyperparams.Args.a.b.value':['1']}")).containsExactly("x");
    }

    @Test
    void truthValuesListsOfObjectsAndLongReportsAreFiltered() {
        add(
                "r",
                "'name':'report','runtime':{'on':true},'report':'" + "Findings ".repeat(300)
                        + "end','models':{'input':[{'model':'m1'},7]}");
        assertThat(ids("{'runtime.on':true}")).containsExactly("r");
        assertThat(ids("{'runtime.on':['true']}")).containsExactly("r");
        assertThat(ids("{'models.input.model':['m1']}")).containsExactly("r");
        assertThat(ids("{'report':'ings end$'}")).containsExactly("r");
        assertThat(ids("{'search_text':'FINDINGS'}")).containsExactly("r");
        assertThat(ids("{'search_text':'\\'my proj\\''}".replace("\\'", "\\\"")))
                .containsExactly("a");
        assertThat(ids("{'search_text':'-sub'}")).containsExactly("b", "c", "r");
    }

    @Test
    void metadataOfModelsAreFilteredByTheirKeys() {
        ObjectNode model = Json.parseObject(
                "{\"id\":\"m\",\"name\":\"model\",\"metadata\":{\"k.x\":{\"key\":\"k.x\",\"value\":\"v\"}}}");
        database.write(session -> {
            Documents.models().insert(session, model);
            return model;
        });
        List<String> found =
                database.read(session -> Query.of(Kind.MODEL, Json.parseObject("{\"metadata.k.x.value\":[\"v\"]}"))
                        .ids(session, Condition.ALL));
        assertThat(found).containsExactly("m");
    }

    @Test
    void namesWithManyDotsOrQuotesAreOnlyNames() {
        assertThat(ids("{'runtime." + "a.".repeat(200) + "z':['x']}")).isEmpty();
        assertThat(ids("{\"runtime.it\\u0027s\":[\"x\"]}")).isEmpty();
        assertThat(ids("{\"runtime.a\\\"b\":[\"x\"]}")).isEmpty();
    }

    @Test
    void explodingExpressionEndsInsteadOfRunningForEver() {
        add("e", "'name':'" + "a".repeat(40) + "!'");
        assertThatThrownBy(() -> ids("{'name':'^(a+)+\\\\1b$'}")).isInstanceOf(Refusal.class);
    }

    @Test
    void projectionNestsMembersAndKeepsContainersOfWhatIsAbsent() {
        assertThat(answer("{'id':['c'],'only_fields':['name','runtime.a.b','runtime.absent','tags']}"))
                .hasToString("[{\"name\":\"Third\",\"runtime\":{\"a.b\":\"x\"},\"tags\":[]}]");
        assertThat(answer("{'id':['c'],'only_fields':['runtime.absent']}")).hasToString("[{\"runtime\":{}}]");
        assertThat(answer("{'id':['c'],'only_fields':['-runtime']}").get(0).has("runtime"))
                .isFalse();
    }

    @Test
    void pagesAreSlices() {
        assertThat(answer("{'page':1,'page_size':2,'only_fields':['id']}")).hasToString("[{\"id\":\"c\"}]");
        assertThat(answer("{'start':1,'size':1,'only_fields':['id']}")).hasToString("[{\"id\":\"b\"}]");
        assertThat(answer("{'page':100000000,'page_size':500}")).isEmpty();
    }
}
