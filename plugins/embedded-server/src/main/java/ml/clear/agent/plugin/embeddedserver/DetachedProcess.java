// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.spi.PluginContext;

/** The server's own process, in a session of its own, so that Ctrl-C on our terminal does not reach it. */
final class DetachedProcess {

    /** The exit code of {@code server start} when another server uses the data folder. */
    static final int DATA_FOLDER_TAKEN = 3;

    private static final System.Logger LOG = System.getLogger(DetachedProcess.class.getName());
    private static final int LAST_WORDS = 800;
    private static final long LARGE_LOG = 1 << 20;

    private final Process process;
    private final Path log;

    private DetachedProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Options that override the settings. */
    record Options(Optional<String> host, Optional<String> port, Optional<String> idleMinutes) {}

    static DetachedProcess start(PluginContext context, Path data, Options options) {
        Path log = context.stateFolder().resolve("server.log");
        try {
            prepare(log);
            Process process = new ProcessBuilder(command(context, data, options))
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new DetachedProcess(process, log);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.LAUNCH_FAILED, "cannot start the embedded server: " + e.getMessage(), e);
        }
    }

    static List<String> command(PluginContext context, Path data, Options options) {
        List<String> command = new ArrayList<>();
        findOnPath(context, "setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(context.agentCommand());
        command.addAll(List.of("server", "start", "--background", "--data", data.toString()));
        options.host().ifPresent(host -> command.addAll(List.of("--host", host)));
        options.port().ifPresent(port -> command.addAll(List.of("--port", port)));
        options.idleMinutes().ifPresent(minutes -> command.addAll(List.of("--idle-minutes", minutes)));
        return command;
    }

    private static Optional<Path> findOnPath(PluginContext context, String program) {
        for (String folder :
                context.environment().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Two callers may call this at the same moment. */
    private static void prepare(Path log) throws IOException {
        try {
            if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
                Files.move(log, log.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            OwnerOnly.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "another process prepares the log too", e);
        }
    }

    /** Whether it is a server's process, or started that one. */
    boolean runs(ProcessIdentity server) {
        return process.pid() == server.pid()
                || process.descendants().anyMatch(descendant -> descendant.pid() == server.pid());
    }

    /** Whether it has ended for any reason other than that another server uses the data folder. */
    boolean failed() {
        return !process.isAlive() && process.exitValue() != DATA_FOLDER_TAKEN;
    }

    Path log() {
        return log;
    }

    /** The end of its output, for a message. */
    String lastWords() {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : ": " + text.substring(Math.max(0, text.length() - LAST_WORDS));
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}
