// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads from the terminal, or from what is piped into the agent. */
final class StandardInput {

    private StandardInput() {}

    /** The next line without its end; the rest where no line end follows. Takes nothing that follows the line. */
    static String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    }
}
