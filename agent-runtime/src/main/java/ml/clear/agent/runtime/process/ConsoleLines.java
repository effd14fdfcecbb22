// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import ml.clear.agent.api.process.Console;

/** Cuts a program's output into lines and shows each once, in its last state, or in every state. For one thread at a time. */
final class ConsoleLines {

    /** A program that writes no line end at all must not fill the memory. */
    private static final int LONGEST = 1 << 20;

    private final Console console;
    private final boolean everyState;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    ConsoleLines(Console console, boolean everyState) {
        this.console = console;
        this.everyState = everyState;
    }

    void append(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n' || (everyState && bytes[i] == '\r')) {
                line.write(bytes, start, i - start);
                show();
                start = i + 1;
            }
        }
        line.write(bytes, start, length - start);
        if (line.size() >= LONGEST) {
            showPiece();
        }
    }

    void end() {
        if (line.size() > 0) {
            show();
        }
    }

    private void show() {
        console.line(TerminalLine.render(line.toString(StandardCharsets.UTF_8)));
        line.reset();
    }

    /** Up to the last blank or control character, so that no character, and no word with a secret, is shown in two parts. */
    private void showPiece() {
        byte[] all = line.toByteArray();
        int end = all.length;
        while (end > 0 && (all[end - 1] < 0 || all[end - 1] > ' ')) {
            end--;
        }
        int shown = end == 0 ? all.length : end;
        line.reset();
        line.write(all, 0, shown);
        show();
        line.write(all, shown, all.length - shown);
    }
}
