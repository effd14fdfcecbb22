// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of {@code docker run} that stand before the image, in their order.
 *
 * @param given the options with their values; a switch has {@code true} or {@code false}
 */
record RunArguments(List<Given> given) {

    static final RunArguments NONE = new RunArguments(List.of());

    /** Copies the list. */
    RunArguments {
        given = List.copyOf(given);
    }

    /**
     * An option and its value.
     *
     * @param name the long name of the option, without dashes
     */
    record Given(String name, String value) {}

    /**
     * Parse words as the command line of docker does: long and short forms, values behind {@code =} or in the next word,
     * clustered letters.
     *
     * @param origin where the words come from, for messages
     * @throws AgentException {@code TASK_INVALID} for a word that is no option, an unknown or refused option, or a missing value
     */
    static RunArguments parse(List<String> words, String origin) {
        return new RunArgumentsParser(words, origin).parse();
    }

    /** Those that are accepted, in their order. */
    RunArguments filtered(Predicate<Given> accepted) {
        return new RunArguments(given.stream().filter(accepted).toList());
    }

    /** These, and others behind them. */
    RunArguments and(RunArguments others) {
        return new RunArguments(
                Stream.concat(given.stream(), others.given().stream()).toList());
    }

    boolean has(String name) {
        return given.stream().anyMatch(option -> option.name().equals(name));
    }

    /** The value that counts: the last one. */
    Optional<String> value(String name) {
        return values(name).reduce((_, last) -> last);
    }

    /** All values, in order. */
    Stream<String> values(String name) {
        return given.stream().filter(option -> option.name().equals(name)).map(Given::value);
    }

    boolean isOn(String name) {
        return value(name).map(Boolean::parseBoolean).orElse(false);
    }

    /** Parses one line of words. */
    private static final class RunArgumentsParser {

        private final List<String> words;
        private final String origin;
        private final List<Given> given = new ArrayList<>();
        private int next;

        RunArgumentsParser(List<String> words, String origin) {
            this.words = words;
            this.origin = origin;
        }

        RunArguments parse() {
            while (next < words.size()) {
                String word = words.get(next++);
                if (word.startsWith("--") && word.length() > 2) {
                    longForm(word.substring(2));
                } else if (word.startsWith("-") && word.length() > 1 && !word.equals("--")) {
                    shortForm(word);
                } else {
                    throw invalid(
                            "holds '" + word + "', which is no option; the image is set apart from its arguments");
                }
            }
            return new RunArguments(given);
        }

        private void longForm(String text) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            RunOption option = RunOption.named(name).orElseThrow(() -> unknown("--" + name));
            take(option, "--" + name, equals < 0 ? null : text.substring(equals + 1));
        }

        private void shortForm(String word) {
            for (int at = 1; at < word.length(); at++) {
                char letter = word.charAt(at);
                RunOption option = RunOption.lettered(letter).orElseThrow(() -> unknown("-" + letter));
                String rest = word.substring(at + 1);
                if (option.isSwitch()) {
                    if (rest.startsWith("=")) {
                        take(option, "-" + letter, rest.substring(1));
                        return;
                    }
                    take(option, "-" + letter, null);
                } else {
                    String value = rest.startsWith("=") ? rest.substring(1) : rest;
                    take(option, "-" + letter, rest.isEmpty() ? null : value);
                    return;
                }
            }
        }

        private void take(RunOption option, String spelling, @Nullable String attached) {
            switch (option.kind()) {
                case SWITCH -> given.add(new Given(option.canonicalName(), truth(spelling, attached)));
                case IGNORED_SWITCH -> truth(spelling, attached);
                case VALUE, VALUES ->
                    given.add(new Given(option.canonicalName(), attached == null ? following(spelling) : attached));
                case IGNORED_VALUE -> {
                    if (attached == null) {
                        following(spelling);
                    }
                }
                case REFUSED ->
                    throw invalid(
                            "holds '" + spelling + "', which has no meaning for the container of a task; remove it");
            }
        }

        private String truth(String spelling, @Nullable String attached) {
            if (attached == null) {
                return "true";
            }
            return switch (attached) {
                case "1", "t", "T", "true", "TRUE", "True" -> "true";
                case "0", "f", "F", "false", "FALSE", "False" -> "false";
                default -> throw invalid("holds '" + spelling + "=" + attached + "'; a switch is true or false");
            };
        }

        private String following(String spelling) {
            if (next == words.size()) {
                throw invalid("ends with '" + spelling + "', which needs a value");
            }
            return words.get(next++);
        }

        private AgentException unknown(String spelling) {
            return invalid("holds '" + spelling + "', which is no option of docker run; remove it");
        }

        private AgentException invalid(String what) {
            return new AgentException(ErrorCode.TASK_INVALID, origin + " " + what);
        }
    }
}
