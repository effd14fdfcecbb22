// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.plugins.TrustedKeys;
import org.jspecify.annotations.Nullable;

/**
 * {@code plugins verify}: tries a plugin in a separate process, with separate folders and a time limit, so that the
 * plugin can do no harm. The process is this agent again, with the option {@code --in-this-process}.
 */
final class VerifyCommand {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Option FILES =
            Option.arguments("file", "a jar, a zip or a folder; further ones are plugins that it depends on");
    private static final Option HERE =
            Option.flag("--in-this-process", "try the installed plugins here, without limit; for debuggers");

    private final Supplier<Agent> agent;
    private final Supplier<List<String>> globalOptions;

    VerifyCommand(Supplier<Agent> agent, Supplier<List<String>> globalOptions) {
        this.agent = agent;
        this.globalOptions = globalOptions;
    }

    Subcommand subcommand() {
        return Subcommand.of(
                "verify",
                "Load a plugin in a separate process, create everything that it contributes, and report what is wrong",
                List.of(HERE, FILES),
                this::run);
    }

    private int run(Invocation invocation) throws InterruptedException {
        if (invocation.has(HERE.name())) {
            return new PluginTrial(agent.get(), invocation.out()).run() ? ExitCode.OK : ExitCode.ERROR;
        }
        List<Path> files =
                invocation.values(FILES.name()).stream().map(Path::of).toList();
        if (files.isEmpty()) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID, "name a jar, a zip or a folder with a plugin to verify");
        }
        Map<Path, String> given = new LinkedHashMap<>();
        for (Path file : files) {
            given.put(file, file.toString());
            if (!Files.exists(file)) {
                throw new AgentException(
                        ErrorCode.NOT_FOUND, "there is no '" + file + "'; name a jar, a zip or a folder with a plugin");
            }
        }
        return verify(given, invocation.out(), invocation.err()) ? ExitCode.OK : ExitCode.ERROR;
    }

    /**
     * Verify a file that is about to be installed.
     *
     * @param source what the user calls it
     */
    void orThrow(Path file, String source, Invocation invocation) {
        try {
            if (!verify(Map.of(file, source), invocation.err(), invocation.err())) {
                throw new AgentException(
                        ErrorCode.PLUGIN_UNUSABLE,
                        "'" + source + "' is not installed, see above; --no-verify installs it all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, "interrupted; nothing is installed", e);
        }
    }

    /** @param given the files, and what the user calls each */
    private boolean verify(Map<Path, String> given, PrintWriter out, PrintWriter err) throws InterruptedException {
        Path work = null;
        try {
            work = Files.createTempDirectory("clearml-agent-verify-");
            Path plugins = OwnerOnly.createFolder(work.resolve("plugins"));
            Map<String, String> names = new HashMap<>();
            for (Map.Entry<Path, String> file : given.entrySet()) {
                names.put(link(file.getKey(), plugins).toString(), file.getValue());
            }
            return verify(work, plugins, names, out, err);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot prepare the verification: " + e + "; check the temporary folder", e);
        } finally {
            delete(work);
        }
    }

    /** @param names the paths of the files as the trial sees them, and as the user calls them */
    private boolean verify(Path work, Path plugins, Map<String, String> names, PrintWriter out, PrintWriter err)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(agent.get().process().agentCommand());
        command.addAll(globalOptions.get());
        command.addAll(List.of("plugins", "verify", HERE.name()));
        Path output = work.resolve("out");
        Path messages = work.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(messages.toFile());
        builder.environment().put("CLEARML_AGENT__AGENT__PLUGINS__FOLDERS", plugins.toString());
        builder.environment()
                .put("CLEARML_AGENT__AGENT__STATE_DIR", work.resolve("state").toString());
        builder.environment().put("CLEARML_AGENT_AOT", "use");
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        end(process);
        out.print(withGivenNames(Files.readString(output), names));
        out.flush();
        err.print(withGivenNames(Files.readString(messages), names));
        err.flush();
        if (!ended) {
            err.println("clearml-agent: error: the trial did not end within " + LIMIT.toSeconds()
                    + " seconds: something that the plugin was asked for does not return; the last line above it says"
                    + " what");
        }
        boolean verdict = Files.readString(output).endsWith(PluginTrial.VERDICT_GOOD + "\n");
        if (ended && process.exitValue() == ExitCode.OK && !verdict) {
            err.println(
                    "clearml-agent: error: the process of the trial ended before its verdict, as by Runtime.halt or a"
                            + " crash; install a version of the plugin that works");
        }
        return ended && process.exitValue() == ExitCode.OK && verdict;
    }

    private static String withGivenNames(String text, Map<String, String> names) {
        String replaced = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            replaced = replaced.replace(name.getKey(), name.getValue());
        }
        return replaced;
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    /** A copy for files, since a signature is looked for beside; a link for folders. */
    private static Path link(Path file, Path plugins) throws IOException {
        Path name =
                plugins.resolve(String.valueOf(file.toAbsolutePath().normalize().getFileName()));
        if (Files.isRegularFile(file)) {
            Files.copy(file, name);
            Path signature = TrustedKeys.signatureOf(file.toAbsolutePath());
            if (Files.isRegularFile(signature)) {
                Files.copy(signature, TrustedKeys.signatureOf(name));
            }
        } else {
            Files.createSymbolicLink(name, file.toAbsolutePath());
        }
        return name;
    }

    private static void delete(@Nullable Path folder) {
        if (folder != null) {
            try {
                Folders.delete(folder);
            } catch (IOException e) {
                // The system's temporary folder is cleaned by the system.
            }
        }
    }
}
