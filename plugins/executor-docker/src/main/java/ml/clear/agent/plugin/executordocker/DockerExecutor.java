// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.Placement;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.task.Container;
import tools.jackson.databind.JsonNode;

/** Starts executions in containers, which are found again by a label with the name of their attempt. */
final class DockerExecutor implements Executor, AutoCloseable {

    /** Under this name the Python agent keeps them in a task. */
    private static final String PUBLISHED_PORTS = "_external_host_tcp_port_mapping";

    private final PluginContext context;
    private final Settings settings;
    private final EngineApi engine;
    private final GpuAccess gpus;
    private final ContainerDistribution distribution;

    DockerExecutor(PluginContext context) {
        this.context = context;
        this.settings = context.settings();
        this.engine = new EngineApi(EngineAddress.find(context.environment(), settings.get(DockerSettings.ENGINE)));
        this.distribution = new ContainerDistribution(context, context.agentCommand());
        this.gpus = new GpuAccess(Files.exists(Path.of("/dev/nvidiactl")), renderNodes());
    }

    private static List<String> renderNodes() {
        if (!Files.exists(Path.of("/dev/kfd"))) {
            return List.of();
        }
        try (Stream<Path> nodes = Files.list(Path.of("/dev/dri"))) {
            return nodes.map(Path::toString)
                    .filter(node -> node.contains("renderD"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // without the folder there are none
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.KEEPS_IMAGES);
    }

    @Override
    public void verify() {
        EngineCheck.check(engine);
        if (!settings.get(DockerSettings.KEEP)) {
            new Leftovers(engine, attempts()).remove();
        }
    }

    @Override
    public Execution start(ExecutionRequest request) throws InterruptedException {
        AttemptId attempt = request.attempt();
        AttemptRecord record = new AttemptRecord(request.folder());
        Optional<String> running = container(attempt);
        if (running.isPresent()) {
            return execution(running.get(), attempt, record);
        }
        Optional<Execution> ended = record.end(attempt).map(end -> new RemovedExecution("", end));
        return ended.isPresent() ? ended.get() : create(request, record);
    }

    private Execution create(ExecutionRequest request, AttemptRecord record) throws InterruptedException {
        SetupMessages messages = new SetupMessages(request);
        ImageChoice choice = ImageChoice.of(request.task(), settings);
        MergedArguments merged =
                new MergedArguments(settings, context.environment(), policy(request), Templates.of(request)::filled);
        HostPorts ports = new HostPorts(settings.get(DockerSettings.PORT_RANGE).orElse(List.of()), FreePort::is);
        RunArguments arguments = ports.moved(merged.of(choice));
        merged.notes().forEach(messages);
        messages.accept("task '" + request.task().id() + "' runs in a container of image '" + choice.image() + "'");
        JsonNode image = image(choice.image(), arguments, messages);
        String user =
                arguments.value("user").orElse(image.path("Config").path("User").asString(""));
        // an image holds the version that builds it
        Optional<Path> other = request.image().isWanted() ? Optional.empty() : distribution.folder(messages);
        ExecutionRequest inside = other.map(path -> request.withCommand(distribution.command(request.command(), path)))
                .orElse(request);
        AttemptFolder folder = folder(request.attempt());
        Mounts mounts = new Mounts(settings, context.environment())
                .shared(request.paths())
                .readOnly(folder.path(), StartScript.FOLDER)
                .caches()
                .keys();
        other.ifPresent(path -> mounts.readOnly(path, path.toString()));
        if (user.matches("(?:|0|root)(?::.*)?")) { // another user may not write what belongs to root
            mounts.agentCaches(context.cacheFolder().resolve("tools"));
        }
        ContainerPlan.Description description = plan(request).description(request, choice.image(), arguments, mounts);
        folder.write(
                new StartScript(settings, choice.setupScript(), inside).text(),
                StartScript.variables(description.variables(), request.secrets()),
                user);
        request.placed().accept(placement(choice, ports));
        String container = created(
                description.body(),
                name(request, arguments),
                arguments.value("platform").orElse(""));
        try {
            giveFolderTo(user, request.folder());
            requireOurLibrary(container, choice.image());
            started(container);
        } catch (RuntimeException e) {
            engine.delete("/containers/" + container + "?force=true&v=true");
            folder.remove();
            throw e;
        }
        Runnable outputs =
                request.output() == Output.INHERIT ? ContainerOutput.copy(engine, container)::finish : () -> {};
        Consumer<String> kept =
                request.image().isWanted() ? new ImageCommit(engine, request.image(), image)::of : _ -> {};
        return execution(container, request.attempt(), record, outputs, kept);
    }

    private ContainerPlan plan(ExecutionRequest request) {
        String server = request.environment().getOrDefault("CLEARML_API_HOST", "");
        return new ContainerPlan(
                settings, context.environment(), gpus, () -> HostAddress.of(context.environment(), server));
    }

    private static Placement placement(ImageChoice choice, HostPorts ports) {
        return new Placement(
                choice.isWrittenBack() ? choice.container() : Container.NONE,
                ports.published().isEmpty() ? Map.of() : Map.of(PUBLISHED_PORTS, ports.published()));
    }

    private ArgumentPolicy policy(ExecutionRequest request) {
        Path home = Path.of(context.environment().getOrDefault("HOME", System.getProperty("user.home")));
        Stream<Path> own = Stream.of(
                context.stateFolder(),
                request.folder(),
                home.resolve(".ssh"),
                home.resolve(".docker"),
                home.resolve("clearml.conf"));
        Stream<Path> shared = request.paths().stream().map(path -> path.path());
        return new ArgumentPolicy(Stream.of(own, shared, engine.address().socket().stream())
                .flatMap(paths -> paths)
                .toList());
    }

    private JsonNode image(String image, RunArguments arguments, SetupMessages messages) throws InterruptedException {
        if (image.isBlank()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "no image is named for the task; name one in its container section or in"
                            + " agent.default_docker.image");
        }
        ImagePull pull = new ImagePull(
                engine, new RegistryCredentials(context), name -> messages.display(name, context), messages);
        String policy = arguments.value("pull").orElse("missing");
        Optional<JsonNode> present = pull.present(image);
        boolean wanted = settings.get(DockerSettings.FORCE_PULL) || policy.equals("always");
        if (wanted || (present.isEmpty() && !policy.equals("never"))) {
            pull.pull(image, arguments.value("platform").orElse(""));
            present = pull.present(image);
        }
        return present.orElseThrow(() -> new AgentException(
                ErrorCode.NOT_FOUND, "the engine has no image '" + image + "', and its arguments forbid to pull it"));
    }

    private String name(ExecutionRequest request, RunArguments arguments) {
        Templates templates = Templates.of(request);
        Map<String, String> fields = new HashMap<>();
        settings.get(DockerSettings.NAME_FIELDS).forEach((field, shown) -> fields.put(field, templates.ofTask(shown)));
        fields.put("task_id", request.task().id().value());
        fields.put("worker_id", request.labels().getOrDefault("clearml-worker-id", ""));
        return arguments
                .value("name")
                .or(() -> settings.get(DockerSettings.NAME_FORMAT).flatMap(format -> ContainerName.of(format, fields)))
                .orElse("");
    }

    private String created(Map<String, Object> body, String name, String platform) {
        String query = Stream.of(Map.entry("name", name), Map.entry("platform", platform))
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + EngineApi.encoded(parameter.getValue()))
                .reduce((left, right) -> left + "&" + right)
                .map(text -> "?" + text)
                .orElse("");
        EngineApi.Answer answer = engine.post("/containers/create" + query, body);
        if (!answer.isGood()) {
            throw new AgentException(
                    answer.status() == 400 || answer.status() == 404 ? ErrorCode.TASK_INVALID : ErrorCode.LAUNCH_FAILED,
                    "the engine refuses the container: " + answer.message()
                            + "; check the container arguments of the task and of the agent");
        }
        return answer.body().path("Id").asString();
    }

    /** The agent is linked with glibc; in an image with another C library it would fail with a riddle. */
    private void requireOurLibrary(String container, String image) {
        boolean present = engine.hasFile(container, "/lib64/ld-linux-x86-64.so.2")
                || engine.hasFile(container, "/lib/ld-linux-aarch64.so.1");
        if (!present) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "image '" + image
                            + "' has no glibc, which the agent needs in it: images of Alpine have musl instead;"
                            + " take one that is based on Debian, Ubuntu or Red Hat");
        }
    }

    private void started(String container) {
        EngineApi.Answer answer = engine.post("/containers/" + container + "/start");
        if (!answer.isGood()) {
            boolean ofImage = answer.message().contains("executable file not found") || answer.status() == 400;
            throw new AgentException(
                    ofImage ? ErrorCode.TASK_INVALID : ErrorCode.LAUNCH_FAILED,
                    "the container cannot be started: " + answer.message());
        }
    }

    private static void giveFolderTo(String user, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            AttemptFolder.giveTo(user, files.toList());
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "user '" + user + "' of the container cannot be given '" + folder + "': " + e
                            + "; run the agent as root or as that user",
                    e);
        }
    }

    @Override
    public Attachment attach(ExecutionReference reference) {
        AttemptRecord record = new AttemptRecord(reference.folder());
        try {
            Optional<String> found = container(reference.attempt());
            if (found.isPresent()) {
                return new Attachment.Found(execution(found.get(), reference.attempt(), record));
            }
        } catch (AgentException e) {
            return new Attachment.Unknown(String.valueOf(e.getMessage()));
        }
        return record.end(reference.attempt())
                .<Attachment>map(end -> new Attachment.Found(new RemovedExecution(reference.handle(), end)))
                .orElseGet(() -> new Attachment.Gone("no container of attempt '" + reference.attempt() + "' exists"));
    }

    private Optional<String> container(AttemptId attempt) {
        String filters = EngineApi.filters(Map.of("label", ContainerPlan.ATTEMPT + "=" + attempt));
        EngineApi.Answer answer = engine.get("/containers/json?all=true&filters=" + filters);
        if (!answer.isGood()) {
            throw new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE, "the engine does not list its containers: " + answer.message());
        }
        return answer.body()
                .valueStream()
                .map(found -> found.path("Id").asString())
                .findFirst();
    }

    private DockerExecution execution(String container, AttemptId attempt, AttemptRecord record) {
        return execution(container, attempt, record, () -> {}, _ -> {});
    }

    private DockerExecution execution(
            String container, AttemptId attempt, AttemptRecord record, Runnable outputs, Consumer<String> image) {
        Runnable cleanUp = () -> {
            outputs.run();
            folder(attempt).remove();
        };
        return new DockerExecution(
                engine,
                container,
                attempt,
                record,
                new DockerExecution.AtEnd(image, cleanUp, settings.get(DockerSettings.KEEP)));
    }

    private AttemptFolder folder(AttemptId attempt) {
        return new AttemptFolder(attempts().resolve(attempt.value()));
    }

    private Path attempts() {
        return context.stateFolder().resolve("attempts");
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }
}
