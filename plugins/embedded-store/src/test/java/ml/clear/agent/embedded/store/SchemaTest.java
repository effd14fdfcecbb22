// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases of each released schema, from the scripts among the resources, and of schemas to come. */
class SchemaTest {

    private static final int PRESENT = 4;

    private final Path folder;
    private final Path file;

    SchemaTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("server.db");
    }

    @BeforeEach
    void prepareLibrary() {
        SqliteLibrary.prepare(Path.of("none"), Path.of("target", "native").toAbsolutePath());
    }

    private void write(int schema) throws IOException, SQLException {
        try (var in = SchemaTest.class.getResourceAsStream("schema-" + schema + ".sql");
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static long number(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }

    private static long number(Database database, String sql) {
        return database.read(session -> session.number(sql));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void earlierSchemaIsUpgradedWithoutLossAndACopyIsKept(int schema) throws Exception {
        write(schema);
        try (Database database = Database.open(file)) {
            assertThat(number(database, "PRAGMA user_version")).isEqualTo(PRESENT);
            TaskDocuments tasks = TaskDocuments.withMetrics();
            var task = database.read(session -> tasks.find(session, "t1")).orElseThrow();
            assertThat(task.path("name").stringValue()).isEqualTo("a task");
            assertThat(task.path("last_iteration").asLong()).isEqualTo(7);
            assertThat(Json.parseObject(Json.text(task.path("last_metrics")))).hasSize(1);
            boolean project = database.read(
                    session -> Documents.projects().find(session, "p1").isPresent());
            assertThat(project).isTrue();
            int waiting = database.read(
                    session -> new QueueEntries().of(session, "q1").size());
            assertThat(waiting).isEqualTo(1);
            int lines =
                    database.read(session -> new LogReader().rows(session, "t1").size());
            assertThat(lines).isEqualTo(2);
            assertThat(number(database, "SELECT count(*) FROM credential")).isEqualTo(1);
        }
        Path copy = folder.resolve("server.db.schema-" + schema);
        assertThat(number(copy, "PRAGMA user_version")).isEqualTo(schema);
        assertThat(number(copy, "SELECT count(*) FROM log")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void longTextsMoveBesideTheDocumentsAndComeBackWhole(int schema) throws Exception {
        write(schema);
        try (Database database = Database.open(file)) {
            var task = database.read(session -> TaskDocuments.plain().find(session, "t2"))
                    .orElseThrow();
            String text = "+" + "x".repeat(1500);
            assertThat(task.path("script").path("diff").stringValue()).isEqualTo(text);
            assertThat(task.path("configuration").path("General").path("value").stringValue())
                    .isEqualTo(text);
            assertThat(number(database, "SELECT max(length(doc)) FROM task")).isLessThan(1000);
            assertThat(number(database, "SELECT archived FROM task WHERE id = 't2'"))
                    .isEqualTo(1);
            assertThat(number(database, "SELECT stat_value * 10 FROM series")).isEqualTo(5);
            assertThat(number(database, "PRAGMA auto_vacuum")).isEqualTo(2);
            String theme = database.read(
                    session -> new Preferences().read(session).path("theme").stringValue());
            assertThat(theme).isEqualTo("dark");
        }
    }

    @Test
    void newerSchemaIsRefusedAndLeftAsItIs() throws Exception {
        Database.open(file).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema 99");
        assertThat(number(file, "PRAGMA user_version")).isEqualTo(99);
        try (var files = Files.list(folder)) {
            assertThat(files.filter(path -> path.toString().contains("schema-")))
                    .isEmpty();
        }
    }
}
