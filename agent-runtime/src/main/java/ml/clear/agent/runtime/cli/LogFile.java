// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;

/** Shows a task's console on the terminal, and in a file where one is wanted. Safe for several threads. */
final class LogFile implements Console, AutoCloseable {

    private final PrintWriter file;
    private final Console terminal;

    private LogFile(PrintWriter file, Console terminal) {
        this.file = file;
        this.terminal = terminal;
    }

    /** On the terminal alone. */
    static LogFile none(Console terminal) {
        return new LogFile(new PrintWriter(PrintWriter.nullWriter()), terminal);
    }

    /**
     * Also writes to a new file, which replaces an existing one.
     *
     * @throws AgentException {@code FILE_SYSTEM} when it cannot be made
     */
    static LogFile create(Path file, Console terminal) {
        try {
            Files.deleteIfExists(file);
            return new LogFile(new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8)), terminal);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot write the log file '" + file + "': " + e + "; name one in a folder that is there",
                    e);
        }
    }

    @Override
    public synchronized void line(String text) {
        terminal.line(text);
        file.println(text);
        file.flush();
    }

    @Override
    public synchronized void unfinished(String text) {
        terminal.unfinished(text);
    }

    @Override
    public void progress(String text) {
        terminal.progress(text);
    }

    @Override
    public synchronized void close() {
        file.close();
    }
}
