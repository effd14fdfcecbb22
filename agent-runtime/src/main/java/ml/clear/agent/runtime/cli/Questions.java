// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Asks on the terminal, one line an answer. */
final class Questions {

    private static final int MOST_LINES = 100;

    /** Where answers come from. */
    @FunctionalInterface
    interface Answers {
        /** The next line; empty at the end of the input. */
        Optional<String> next() throws IOException;
    }

    private final Answers answers;
    private final PrintWriter out;

    Questions(Answers answers, PrintWriter out) {
        this.answers = answers;
        this.out = out;
    }

    void say(String words) {
        out.println(words);
    }

    /** An answer; the default, which is shown unless it is empty, for an empty line. */
    String text(String question, String otherwise) {
        out.print(question + (otherwise.isEmpty() ? ": " : " [" + otherwise + "]: "));
        String answer = line().strip();
        return answer.isEmpty() ? otherwise : answer;
    }

    boolean yes(String question, boolean otherwise) {
        String answer = text(question + (otherwise ? " [Y/n]" : " [y/N]"), "");
        return answer.isEmpty() ? otherwise : answer.toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** Lines up to an empty one, or to a closing brace that stands alone at the start of its line. */
    String block() {
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < MOST_LINES; i++) {
            String line = line();
            block.append(line).append('\n');
            if (line.isBlank() || line.stripTrailing().equals("}")) {
                break;
            }
        }
        return block.toString();
    }

    private String line() {
        out.flush();
        try {
            return answers.next()
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.COMMAND_LINE_INVALID,
                            "the input ended before the last answer; init --non-interactive asks nothing"));
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "the input cannot be read: " + e, e);
        }
    }
}
