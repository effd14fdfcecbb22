// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.SetupLog;
import ml.clear.agent.runtime.report.LogShipper;
import ml.clear.agent.runtime.report.SpoolWriter;
import org.jspecify.annotations.Nullable;

/**
 * A task's console from its first line to its last: the agent's own words before and after, the process's output
 * between, all through the spool, so that they stay in order and survive a crash of this process. Safe for several
 * threads.
 */
final class TaskConsole implements Console, AutoCloseable {

    private final ExecutionFolder folder;
    private final LogShipper shipper;
    private @Nullable SpoolWriter writer;

    private TaskConsole(ExecutionFolder folder, LogShipper shipper) {
        this.folder = folder;
        this.shipper = shipper;
    }

    /**
     * Begin with what was written before the execute process, then the agent's own words.
     *
     * @param shipper started by the caller, closed here
     */
    static TaskConsole begin(ExecutionFolder folder, LogShipper shipper) {
        TaskConsole console = new TaskConsole(folder, shipper);
        console.takeBack();
        SetupLog.in(folder.path()).moveTo(console::line);
        return console;
    }

    /**
     * Go on while the spool is a keeper's, or after it has ended.
     *
     * @param shipper started by the caller, closed here
     */
    static TaskConsole attach(ExecutionFolder folder, LogShipper shipper) {
        return new TaskConsole(folder, shipper);
    }

    /** The agent's own words; while the process has the spool, or its disk is full, they are sent beside it. */
    @Override
    public synchronized void line(String text) {
        SpoolWriter open = writer;
        if (open == null || !open.write(text)) {
            shipper.notice("INFO", text);
        }
    }

    @Override
    public void progress(String text) {
        shipper.progress(text);
    }

    /** The spool is the keeper's from here on. */
    synchronized void handOver() {
        shipper.progress("");
        SpoolWriter open = writer;
        writer = null;
        if (open != null) {
            close(open);
        }
    }

    /** The process has ended and its output is complete: the agent's words again. */
    synchronized void takeBack() {
        if (writer == null) {
            writer = open(folder);
        }
    }

    /**
     * No more lines: wait until all are on the server, at most for a time.
     *
     * @return whether they are
     */
    boolean finish(Duration limit) throws InterruptedException {
        handOver();
        return shipper.finish(limit);
    }

    /** Why the lines cannot be brought to the server, however long one waits. */
    Optional<String> failure() {
        return shipper.failure();
    }

    @Override
    public void close() {
        handOver();
        shipper.close();
    }

    private static SpoolWriter open(ExecutionFolder folder) {
        try {
            return new SpoolWriter(folder.spool());
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private void close(SpoolWriter open) {
        try {
            open.close();
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private static AgentException failed(ExecutionFolder folder, IOException e) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot write the console to '" + folder.spool() + "': " + e + "; see that the disk has room",
                e);
    }
}
