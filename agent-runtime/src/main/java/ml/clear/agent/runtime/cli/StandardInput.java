// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads from the terminal, or from what is piped into the agent. */
final class StandardInput {

    private StandardInput() {}

    /** The next line, or an empty text at the end of the input. */
    static String line() throws IOException {
        return nextLine().orElse("");
    }

    /** The next line without its end; empty when nothing follows. Takes nothing that stands behind the line. */
    static Optional<String> nextLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = System.in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = System.in.read()) {
            bytes.write(next);
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8).stripTrailing());
    }
}
