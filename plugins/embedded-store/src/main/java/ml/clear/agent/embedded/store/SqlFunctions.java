// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/** The functions that filters need beyond SQLite's own. For one connection. */
final class SqlFunctions {

    /** {@code matches(text, expression, ignoreCase)}: whether a {@link PythonPattern} is found in a text. */
    static final String MATCHES = "matches";

    /** {@code contains_folded(text, part)}: whether a text contains another, which is in lower case; case is ignored. */
    static final String CONTAINS_FOLDED = "contains_folded";

    /** {@code number_or_text(text)}: the number that a text is, or the text. */
    static final String NUMBER_OR_TEXT = "number_or_text";

    private static final int MOST_PATTERNS = 100;

    private final Map<String, PythonPattern> patterns = new LinkedHashMap<>();
    private @Nullable Refusal refusal;

    private SqlFunctions() {}

    static SqlFunctions register(Connection connection) throws SQLException {
        SqlFunctions functions = new SqlFunctions();
        Function.create(connection, MATCHES, functions.new Matches(), 3, Function.FLAG_DETERMINISTIC);
        Function.create(connection, CONTAINS_FOLDED, new ContainsFolded(), 2, Function.FLAG_DETERMINISTIC);
        Function.create(connection, NUMBER_OR_TEXT, new NumberOrText(), 1, Function.FLAG_DETERMINISTIC);
        return functions;
    }

    /** The refusal that ended a statement; exceptions lose their type on the way through the database. */
    Optional<Refusal> takeRefusal() {
        Refusal taken = refusal;
        refusal = null;
        return Optional.ofNullable(taken);
    }

    private PythonPattern pattern(String expression, boolean ignoreCase) {
        if (patterns.size() >= MOST_PATTERNS) {
            patterns.clear();
        }
        return patterns.computeIfAbsent(ignoreCase + expression, key -> PythonPattern.of(expression, ignoreCase));
    }

    private final class Matches extends Function {
        @Override
        protected void xFunc() throws SQLException {
            String text = value_text(0);
            try {
                result(text != null && pattern(value_text(1), value_int(2) != 0).find(text) ? 1 : 0);
            } catch (Refusal e) {
                refusal = e;
                error(e.text());
            }
        }
    }

    private static final class ContainsFolded extends Function {
        @Override
        protected void xFunc() throws SQLException {
            String text = value_text(0);
            result(text != null && text.toLowerCase(Locale.ROOT).contains(value_text(1)) ? 1 : 0);
        }
    }

    private static final class NumberOrText extends Function {
        @Override
        protected void xFunc() throws SQLException {
            String text = value_text(0);
            if (text == null) {
                result();
                return;
            }
            try {
                result(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                result(text);
            }
        }
    }
}
