// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SlicesTest {

    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.open(folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nextSliceIsReadOnlyWhenTheLastOneIsUsedUp() {
        List<Integer> asked = new ArrayList<>();
        List<Integer> keys = IntStream.range(0, 1000).boxed().toList();
        Slices<Integer> slices = new Slices<>(database, keys, (session, slice, values) -> {
            asked.add(slice.getFirst());
            // Of four keys one is gone.
            slice.subList(0, 100).stream()
                    .filter(key -> key % 4 > 0)
                    .forEach(key -> values.add(Json.object().put("key", key)));
            return 100;
        });
        Iterator<JsonNode> values = slices.iterator();
        assertThat(asked).isEmpty();
        assertThat(values.next().path("key").asInt()).isEqualTo(1);
        assertThat(asked).containsExactly(0);
        int count = 1;
        while (values.hasNext()) {
            values.next();
            count++;
        }
        assertThat(count).isEqualTo(750);
        assertThat(asked).hasSize(10);
        assertThatThrownBy(values::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void valuesOfALaterListAreMadeWhileTheyAreWritten() {
        List<String> made = new ArrayList<>();
        JsonNode later = Json.later(() -> {
            made.add("later");
            return Json.array().add(1);
        });
        JsonNode list = Json.list(List.of(Json.object().put("a", 2), later));
        JsonNode tree = Json.object().set("values", list);
        assertThat(made).isEmpty();
        assertThat(Json.text(tree)).isEqualTo("{\"values\":[{\"a\":2},[1]]}");
        assertThat(made).containsExactly("later");
    }
}
