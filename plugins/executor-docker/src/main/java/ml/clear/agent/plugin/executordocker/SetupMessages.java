// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.process.Terminals;
import ml.clear.agent.api.spi.PluginContext;

/**
 * Lines for the user before the execute process writes some itself. They become the first of the task's log; of an execution
 * that its user waits for, they are shown at once.
 *
 * @param request the execution
 */
record SetupMessages(ExecutionRequest request) implements Consumer<String> {

    private static final System.Logger LOG = System.getLogger(SetupMessages.class.getName());

    /** How the pull of an image is shown. */
    PullDisplay display(String image, PluginContext context) {
        return request.output() == ExecutionRequest.Output.INHERIT
                        && Terminals.canMove(context.environment(), Terminals.ERR)
                ? new PullBars(image, new PrintStream(new FileOutputStream(FileDescriptor.err)), context.clock())
                : new PullProgress(image, this, context.clock());
    }

    @Override
    public void accept(String words) {
        if (request.output() == ExecutionRequest.Output.INHERIT) {
            LOG.log(System.Logger.Level.INFO, words);
            return;
        }
        try {
            Files.writeString(
                    request.folder().resolve(ExecutionRequest.SETUP_LOG),
                    "clearml-agent: " + words + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, words); // the line must not be lost
        }
    }
}
