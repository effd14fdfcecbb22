// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import ml.clear.agent.api.execution.ExecutionRequest;

/**
 * Lines for the user before the execute process writes some itself: they become the first of the task's log, and are shown
 * where the agent shows its own.
 *
 * @param request the execution
 */
record SetupMessages(ExecutionRequest request) implements Consumer<String> {

    private static final System.Logger LOG = System.getLogger(SetupMessages.class.getName());
    private static final String EXECUTE_LOG = "execute.log";

    @Override
    public void accept(String words) {
        if (request.output() == ExecutionRequest.Output.INHERIT) {
            LOG.log(System.Logger.Level.INFO, words);
            return;
        }
        for (String file : List.of(EXECUTE_LOG, ExecutionRequest.SETUP_LOG)) {
            append(request.folder().resolve(file), "clearml-agent: " + words + "\n");
        }
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, line.strip()); // the line must not be lost
        }
    }
}
