// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import ml.clear.agent.api.process.Console;

/** Reads one stream of a program on a separate thread, so that the program never blocks on its output. */
final class StreamDrain {

    private static final int KEPT = 1 << 20;

    private final InputStream stream;
    private final TailBuffer tail = new TailBuffer(KEPT);
    private final ConsoleLines lines;
    private final Thread thread;

    private StreamDrain(InputStream stream, Console console, boolean everyState, String name) {
        this.stream = stream;
        this.lines = new ConsoleLines(console, everyState);
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::read);
    }

    static StreamDrain start(InputStream stream, Console console, boolean everyState, String name) {
        StreamDrain drain = new StreamDrain(stream, console, everyState, name);
        drain.thread.start();
        return drain;
    }

    /** Wait for the end of the stream, at most for a time: a process in the background may hold it open. */
    void await(Duration limit) throws InterruptedException {
        thread.join(limit);
    }

    /** What was kept. */
    String text() {
        synchronized (tail) {
            return tail.text();
        }
    }

    private void read() {
        byte[] buffer = new byte[1 << 16];
        try {
            int count = stream.read(buffer);
            while (count >= 0) {
                synchronized (tail) {
                    tail.append(buffer, count);
                }
                lines.append(buffer, count);
                count = stream.read(buffer);
            }
        } catch (IOException e) {
            // The program was killed and its streams closed: what came before is kept.
        }
        lines.end();
    }
}
