// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The client that the agent brings: py-rattler, used by a small Python program. Requests and answers are JSON, in files and
 * on the standard input, so that no password of a channel is among the arguments.
 */
final class RattlerClient implements CondaClient {

    /** The version of py-rattler for which the program is written. */
    static final String VERSION = "0.28.0";

    private static final String PROGRAM = "rattler.py";

    /** {@code defaults} is a name for several channels; these are the ones with packages for Linux. */
    private static final List<String> DEFAULTS = List.of("main", "r");

    private final PluginContext context;
    private final Bootstrap bootstrap;
    private final Map<String, String> variables;

    /** Provides the interpreter that has py-rattler. */
    @FunctionalInterface
    interface Bootstrap {

        /** The interpreter, installed if it is absent. */
        Path python(Console console) throws InterruptedException;
    }

    /**
     * The client.
     *
     * @param variables environment variables for the program
     */
    RattlerClient(PluginContext context, Bootstrap bootstrap, Map<String, String> variables) {
        this.context = context;
        this.bootstrap = bootstrap;
        this.variables = Map.copyOf(variables);
    }

    @Override
    public String identity() {
        return "py-rattler " + VERSION;
    }

    @Override
    public Attempt install(Order order, Console console) throws InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("action", "install");
        request.put("prefix", order.prefix().toString());
        request.put("keep", order.keep());
        request.put("specs", order.specs().stream().map(CondaSpec::toString).toList());
        Map<?, ?> answer = ask(request, order.channels(), console);
        return switch (String.valueOf(answer.get("outcome"))) {
            case "installed" -> new Attempt.Installed();
            case "missing" -> new Attempt.Missing(texts(answer.get("names")));
            case "unsatisfiable" -> new Attempt.Unsatisfiable(reason(answer));
            case "unreachable" -> throw CondaFailure.unreachable(reason(answer));
            default ->
                throw new AgentException(
                        ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                        "py-rattler cannot make the environment: " + CondaFailure.shortened(reason(answer)));
        };
    }

    @Override
    public Set<String> elsewhere(List<String> channels, Set<String> names, Console console)
            throws InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("action", "elsewhere");
        request.put("names", names.stream().sorted().toList());
        return texts(ask(request, channels, console).get("names"));
    }

    @Override
    public Optional<Path> base() {
        return Optional.empty();
    }

    private Map<?, ?> ask(Map<String, Object> request, List<String> channels, Console console)
            throws InterruptedException {
        Path python = bootstrap.python(console);
        try {
            Path folder = OwnerOnly.createTemporaryFolder(context.cacheFolder(), "conda-");
            try {
                Path answer = folder.resolve("answer.json");
                request.put(
                        "channels",
                        channels.stream().flatMap(RattlerClient::expanded).toList());
                request.put("alias", context.environment().getOrDefault("CONDA_CHANNEL_ALIAS", ""));
                request.put("system", Machine.system());
                request.put("packages", cache("packages"));
                request.put("repodata", cache("repodata"));
                request.put("answer", answer.toString());
                CommandResult result = new InstallerRunner(context.commands())
                        .run(
                                "py-rattler",
                                Command.of(
                                                python.toString(),
                                                "-I",
                                                program(folder).toString())
                                        .directory(folder)
                                        .environment(variables)
                                        .input(Json.text(request))
                                        .timeout(context.settings().get(PackageSettings.INSTALL_TIMEOUT))
                                        .build(),
                                console);
                if (!Files.isRegularFile(answer)) {
                    throw new AgentException(
                            ErrorCode.PROGRAM_MISSING,
                            "py-rattler ended with exit code " + result.exitCode() + " and no answer: "
                                    + CondaFailure.last(result.errors()));
                }
                Object document = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(answer));
                return (Map<?, ?>) Objects.requireNonNull(document);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot use '" + context.cacheFolder() + "' for py-rattler: " + e.getMessage(),
                    e);
        }
    }

    private String cache(String name) throws IOException {
        return Files.createDirectories(context.cacheFolder().resolve("rattler").resolve(name))
                .toString();
    }

    private static Path program(Path folder) throws IOException {
        Path file = folder.resolve(PROGRAM);
        try (InputStream source = RattlerClient.class.getResourceAsStream(PROGRAM)) {
            Files.copy(Objects.requireNonNull(source), file);
        }
        return file;
    }

    private static Stream<String> expanded(String channel) {
        return channel.equals("defaults") ? DEFAULTS.stream() : Stream.of(channel);
    }

    private static String reason(Map<?, ?> answer) {
        return String.valueOf(answer.get("reason")).strip();
    }

    private static Set<String> texts(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).collect(Collectors.toSet());
    }
}
