// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection to the database with the statements it has prepared. For one thread at a time. */
public final class Session implements AutoCloseable {

    /** Statements with lists of placeholders come in many lengths; the cache is emptied when it has grown so far. */
    private static final int MOST_STATEMENTS = 200;

    private final Connection connection;
    private final SqlFunctions functions;
    private final Map<String, PreparedStatement> idle = new HashMap<>();

    Session(Connection connection) throws SQLException {
        this.connection = connection;
        this.functions = SqlFunctions.register(connection);
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Reader<T> {
        /** The value of the row that the cursor stands on. */
        T read(ResultSet row) throws SQLException;
    }

    /** Looks at one row. */
    @FunctionalInterface
    public interface Visitor {
        /** Look at it; false ends the walk. */
        boolean visit(ResultSet row) throws SQLException;
    }

    /** Change rows; returns how many. */
    public int update(String sql, @Nullable Object... arguments) {
        return with(sql, arguments, PreparedStatement::executeUpdate);
    }

    /** All rows. */
    public <T> List<T> list(String sql, Reader<T> reader, @Nullable Object... arguments) {
        List<T> found = new ArrayList<>();
        each(sql, row -> found.add(reader.read(row)), arguments);
        return found;
    }

    /** The first row. */
    public <T> Optional<T> first(String sql, Reader<T> reader, @Nullable Object... arguments) {
        return with(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
            }
        });
    }

    /** The first column of the first row as a number, zero when there is none. */
    public long number(String sql, @Nullable Object... arguments) {
        return first(sql, row -> row.getLong(1), arguments).orElse(0L);
    }

    /** Walk over the rows without holding them. */
    public void each(String sql, Visitor visitor, @Nullable Object... arguments) {
        with(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = visitor.visit(rows);
                }
                return 0;
            }
        });
    }

    /** Run a statement to its end, whose rows do not matter; {@code execute} of the driver stops at the first row. */
    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new StoreException("the database refuses: " + e.getMessage(), e);
        }
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, @Nullable Object[] arguments, Use<T> use) {
        // Taken out while in use: a walk may run the same statement again from within.
        PreparedStatement statement = idle.remove(sql);
        try {
            if (statement == null) {
                statement = connection.prepareStatement(sql);
            }
            for (int i = 0; i < arguments.length; i++) {
                bind(statement, i + 1, arguments[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            functions.takeRefusal().ifPresent(refusal -> {
                throw refusal;
            });
            throw new StoreException("the database fails: " + e.getMessage(), e);
        } finally {
            if (statement != null) {
                keep(sql, statement);
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setObject(index, null);
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Double number -> statement.setDouble(index, number);
            default -> statement.setObject(index, value);
        }
    }

    private void keep(String sql, PreparedStatement statement) {
        if (idle.size() >= MOST_STATEMENTS) {
            idle.values().forEach(Session::drop);
            idle.clear();
        }
        PreparedStatement other = idle.put(sql, statement);
        if (other != null) {
            drop(other);
        }
    }

    private static void drop(PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException e) {
            throw new StoreException("cannot close a statement", e);
        }
    }

    @Override
    public void close() {
        try {
            idle.values().forEach(Session::drop);
            connection.close();
        } catch (SQLException e) {
            throw new StoreException("cannot close the database", e);
        }
    }
}
