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
        return database.read(session -> Query.of(Kind.TASK, arguments).ids(session, tasks, task -> true));
    }

    private ArrayNode answer(String request) {
        ObjectNode arguments = Json.parseObject(request.replace('\'', '"'));
        Query query = Query.of(Kind.TASK, arguments);
        return database.read(
                session -> query.project(query.documents(session, tasks, query.page(session, tasks, task -> true))));
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
