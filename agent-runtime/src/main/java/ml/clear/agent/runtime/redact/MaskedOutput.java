// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream of messages for people in which secrets are masked: the agent's own, logs of libraries, stack traces,
 * what a plugin prints. What is written between two flushes is masked as a whole. Safe for several threads.
 */
public final class MaskedOutput extends OutputStream {

    /** A writer that never flushes must not fill the memory. */
    private static final int LONGEST = 1 << 20;

    private final OutputStream target;
    private final Redactor redactor;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private MaskedOutput(OutputStream target, Redactor redactor) {
        this.target = target;
        this.redactor = redactor;
    }

    /** A print stream in UTF-8 that masks what it passes on; each line is flushed. */
    public static PrintStream over(OutputStream target, Redactor redactor) {
        return new PrintStream(new MaskedOutput(target, redactor), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) throws IOException {
        pending.write(b);
        passOnWhenFull();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
        pending.write(bytes, from, count);
        passOnWhenFull();
    }

    @Override
    public synchronized void flush() throws IOException {
        if (pending.size() > 0) {
            byte[] masked =
                    redactor.redact(pending.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            pending.reset();
            target.write(masked);
        }
        target.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        target.close();
    }

    private void passOnWhenFull() throws IOException {
        if (pending.size() >= LONGEST) {
            flush();
        }
    }
}
