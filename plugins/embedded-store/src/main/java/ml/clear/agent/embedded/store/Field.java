// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;

/** A field of documents, in SQL. Nulls and empty texts count as absent. */
sealed interface Field {

    /** Whether one of the values passes a test, which is made from the value's expression. */
    Condition some(Test test);

    /** Whether there is no value. */
    Condition none();

    /** The expression to order by: that of the first value. */
    String key();

    /** Makes a condition on a value. */
    @FunctionalInterface
    interface Test {
        /** The condition on the value of an expression. */
        Condition of(String value);
    }

    /** Whether one of the values equals one of some texts. */
    Condition equalsAny(List<String> texts);

    /**
     * A column, or another expression with at most one value; columns of documents hold no empty texts.
     *
     * @param expression the expression
     */
    record Single(String expression) implements Field {

        @Override
        public Condition some(Test test) {
            return test.of(expression).and(Condition.of(expression + " <> ''"));
        }

        /** Without a function around the column, so that its index is used. */
        @Override
        public Condition equalsAny(List<String> texts) {
            return Condition.in(expression, texts);
        }

        @Override
        public Condition none() {
            return Condition.of("coalesce(" + expression + ", '') = ''");
        }

        @Override
        public String key() {
            return expression;
        }
    }

    /**
     * A place in the document.
     *
     * @param rows what the values are selected from: a JSON table called {@code e}
     * @param numbers whether texts that are numbers are ordered as numbers
     */
    record Inside(String rows, boolean numbers) implements Field {

        /** The JSON functions know true and false only as 1 and 0. */
        private static final String VALUE =
                "CASE e.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE e.value END";

        private static final String PRESENT = " WHERE e.value <> ''";

        @Override
        public Condition some(Test test) {
            return test.of("(" + VALUE + ")").inside("EXISTS (SELECT 1 FROM " + rows + PRESENT + " AND ", ")");
        }

        @Override
        public Condition equalsAny(List<String> texts) {
            return some(value -> Condition.in("CAST(" + value + " AS TEXT)", texts));
        }

        @Override
        public Condition none() {
            return Condition.of("NOT EXISTS (SELECT 1 FROM " + rows + PRESENT + ")");
        }

        @Override
        public String key() {
            String first = "(SELECT e.value FROM " + rows + PRESENT + " LIMIT 1)";
            return numbers ? SqlFunctions.NUMBER_OR_TEXT + "(" + first + ")" : first;
        }
    }
}
