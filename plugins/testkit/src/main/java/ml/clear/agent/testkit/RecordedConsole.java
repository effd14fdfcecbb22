// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.process.Console;

/** Keeps what is written. Safe for several threads. */
public final class RecordedConsole implements Console {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** An empty console. */
    public RecordedConsole() {}

    @Override
    public void line(String text) {
        lines.add(text);
    }

    /** What was written so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** What was written so far, as one text. */
    public String text() {
        return String.join("\n", lines);
    }
}
