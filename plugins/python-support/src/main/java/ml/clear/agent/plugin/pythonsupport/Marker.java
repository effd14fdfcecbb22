// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on the machine behind a requirement, such as {@code python_version < '3.10' and sys_platform == 'linux'}
 * (PEP 508).
 */
public final class Marker {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(\\(|\\))|(===?|~=|!=|<=|>=|<|>)|'([^']*)'|\"([^\"]*)\"|([A-Za-z_][A-Za-z0-9_.]*))");

    private final List<Token> tokens;
    private final Map<String, String> machine;
    private int next;

    private Marker(List<Token> tokens, Map<String, String> machine) {
        this.tokens = tokens;
        this.machine = machine;
    }

    /**
     * Whether the condition holds.
     *
     * @param condition the text behind the semicolon; an empty one holds
     * @param machine the names of the specification to their values
     * @return empty when the text is no condition
     */
    public static Optional<Boolean> holds(String condition, Map<String, String> machine) {
        if (condition.isBlank()) {
            return Optional.of(true);
        }
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(condition);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tokens.add(token(matcher));
            end = matcher.end();
        }
        if (!condition.substring(end).isBlank()) {
            return Optional.empty();
        }
        Marker marker = new Marker(tokens, machine);
        try {
            boolean result = marker.either();
            return marker.next == tokens.size() ? Optional.of(result) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Token token(Matcher matcher) {
        if (matcher.group(3) != null) {
            return new Token(Kind.VALUE, matcher.group(3));
        }
        if (matcher.group(4) != null) {
            return new Token(Kind.VALUE, matcher.group(4));
        }
        return matcher.group(5) != null
                ? new Token(Kind.NAME, matcher.group(5))
                : new Token(Kind.SIGN, matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    private boolean either() {
        boolean result = both();
        while (taken("or")) {
            result |= both();
        }
        return result;
    }

    private boolean both() {
        boolean result = one();
        while (taken("and")) {
            result &= one();
        }
        return result;
    }

    private boolean one() {
        if (taken("(")) {
            boolean result = either();
            if (!taken(")")) {
                throw new IllegalArgumentException("an open parenthesis");
            }
            return result;
        }
        Token left = take();
        String operator = take().text();
        if (operator.equals("not")) {
            operator = "not " + take().text();
        }
        return compare(value(left), operator, value(take()));
    }

    private static boolean compare(String left, String operator, String right) {
        return switch (operator) {
            case "in" -> right.contains(left);
            case "not in" -> !right.contains(left);
            default -> {
                Optional<Version> version = Version.of(left);
                Optional<VersionSpecifiers> wanted = VersionSpecifiers.of(operator + right);
                yield (version.isPresent() && wanted.isPresent())
                        ? wanted.get().contains(version.get())
                        : compareTexts(left.compareTo(right), operator);
            }
        };
    }

    private static boolean compareTexts(int order, String operator) {
        return switch (operator) {
            case "==", "===" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new IllegalArgumentException("operator '" + operator + "'");
        };
    }

    private String value(Token token) {
        if (token.kind() == Kind.VALUE) {
            return token.text();
        }
        if (token.kind() == Kind.NAME) {
            return machine.getOrDefault(token.text(), "");
        }
        throw new IllegalArgumentException("'" + token.text() + "' is no value");
    }

    private boolean taken(String word) {
        boolean there = next < tokens.size()
                && tokens.get(next).kind() != Kind.VALUE
                && tokens.get(next).text().equals(word);
        if (there) {
            next++;
        }
        return there;
    }

    private Token take() {
        if (next == tokens.size()) {
            throw new IllegalArgumentException("the condition ends too soon");
        }
        return tokens.get(next++);
    }

    private enum Kind {
        SIGN,
        NAME,
        VALUE
    }

    private record Token(Kind kind, String text) {}
}
