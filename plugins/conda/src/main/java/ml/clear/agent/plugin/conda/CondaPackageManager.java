// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.conda.CondaSources.Wanted;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.Interpreters.Preference;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;
import ml.clear.agent.plugin.pythonsupport.torch.Accelerators;

/** Builds environments from conda's channels. */
final class CondaPackageManager implements PackageManager {

    private static final Pattern VERSION = Pattern.compile("(?:.*/)?(?:python)?(\\d+(?:\\.\\d+)*)");

    private final PluginContext context;
    private final CondaSettings settings;
    private final CondaSources sources;
    private final Interpreters interpreters;
    private final Accelerators accelerators;
    private final RattlerClient.Bootstrap bootstrap;

    CondaPackageManager(PluginContext context, RattlerClient.Bootstrap bootstrap) {
        this.context = context;
        this.settings = CondaSettings.of(context.settings());
        this.sources = new CondaSources(context.settings());
        this.interpreters = Interpreters.of(context);
        this.accelerators = Accelerators.of(context);
        this.bootstrap = bootstrap;
    }

    static CondaPackageManager of(PluginContext context) {
        return new CondaPackageManager(context, console -> rattler(context, console));
    }

    /** Any interpreter of this machine runs the client, whatever the task asks for. */
    static Path rattler(PluginContext context, Console console) throws InterruptedException {
        Interpreter interpreter = new Interpreters(
                        context.commands(), new Preference("", "", false), context.environment())
                .find("", console);
        return new PythonTools(context)
                .provide("py-rattler", RattlerClient.VERSION, interpreter, console)
                .environment()
                .python();
    }

    @Override
    public Optional<String> claims(SourceTree tree) {
        return EnvironmentFile.find(tree)
                .map(file -> tree.root().relativize(file).toString());
    }

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        Optional<CondaPrefix> existing = existing(request.target());
        if (request.target() instanceof Target.Existing && existing.isEmpty()) {
            request.console().line("The interpreter is not one of a conda environment; pip installs all packages");
            return context.packageManager("pip").plan(request);
        }
        CondaWork work = work(request);
        Optional<Path> ready = ready(request);
        if (ready.isPresent()) {
            return new ReadyCondaPlan(work, ready.get());
        }
        if (existing.isPresent()) {
            return new SharedCondaPlan(work, existing.get(), CondaIdentity.of(work));
        }
        return settings.baseEnvironment()
                ? new SharedCondaPlan(work, base(work.client()), CondaIdentity.of(work))
                : new CondaPlan(work, CondaIdentity.of(work));
    }

    private Optional<CondaPrefix> existing(Target target) {
        return switch (target) {
            case Target.New() -> Optional.empty();
            case Target.Existing(String program) ->
                program(program)
                        .map(path -> Objects.requireNonNull(path.getParent()).getParent())
                        .filter(CondaPrefix::isOne)
                        .map(CondaPrefix::new);
        };
    }

    private Optional<Path> program(String name) {
        return name.contains("/")
                ? Optional.of(Path.of(name).toAbsolutePath()).filter(Files::isExecutable)
                : PythonTools.installed(name, context.environment());
    }

    private CondaWork work(EnvironmentRequest request) throws InterruptedException {
        Console console = request.console();
        Wanted wanted = sources.read(request);
        wanted.pip().notes().forEach(console::line);
        List<String> notes = new ArrayList<>();
        List<CondaSpec> named = wanted.conda().stream()
                .flatMap(line -> CondaSpec.parse(line).stream())
                .toList();
        List<String> channels = Channels.of(
                wanted.channels(), wanted.onlyTheseChannels() ? List.of() : settings.channels(), named, notes);
        int cudaVersion = accelerators.find().cudaDigits();
        String python = python(request);
        Division division = Division.of(
                wanted,
                new Division.Rules(
                        Channels.contain(channels, "clearml"),
                        cudaVersion,
                        context.settings()
                                .get(PythonSettings.CUDNN_VERSION)
                                .map(Machine::cudnn)
                                .orElse(""),
                        python,
                        Machine.markers(python)));
        Stream.concat(notes.stream(), division.notes().stream()).forEach(console::line);
        CondaClient client = client(cudaVersion, console);
        console.line("conda environment: " + client.identity() + ", channels "
                + String.join(
                        ", ", channels.stream().map(Channels::withoutSecrets).toList()));
        return new CondaWork(
                context,
                request,
                client,
                channels,
                division,
                wanted.variables(),
                settings.recordPackages(),
                cudaVersion);
    }

    private CondaClient client(int cudaVersion, Console console) throws InterruptedException {
        Map<String, String> variables = new HashMap<>(context.network().variables());
        Settings all = context.settings();
        if (all.get(PythonSettings.CPU_ONLY)) {
            variables.put("CONDA_OVERRIDE_CUDA", "");
        } else {
            all.get(PythonSettings.CUDA_VERSION)
                    .filter(version -> !version.isBlank())
                    .ifPresent(_ -> variables.put("CONDA_OVERRIDE_CUDA", Machine.dotted(cudaVersion)));
        }
        Optional<CondaClient> installed = new InstalledClients(context, variables).find(console);
        return installed.orElseGet(() -> new RattlerClient(context, bootstrap, variables));
    }

    /** The version that the task asks for, else the configured one, else that of this machine's interpreter. */
    private String python(EnvironmentRequest request) throws InterruptedException {
        Settings all = context.settings();
        String asked = all.get(PythonSettings.IGNORE_REQUESTED_PYTHON) ? "" : request.python();
        String binary = all.get(PythonSettings.PYTHON_BINARY).strip();
        Matcher version = VERSION.matcher(asked.strip());
        if (version.matches()) {
            return version.group(1) + ".*";
        }
        Matcher configured =
                VERSION.matcher(all.get(PythonSettings.DEFAULT_PYTHON).strip());
        if (binary.isEmpty() && configured.matches()) {
            return configured.group(1) + ".*";
        }
        try {
            return interpreters.find("", request.console()).series() + ".*";
        } catch (AgentException e) {
            if (binary.isEmpty() && e.code() == ErrorCode.INTERPRETER_MISSING) {
                return ""; // conda brings one
            }
            throw e;
        }
    }

    private Optional<Path> ready(EnvironmentRequest request) {
        if (settings.imageIsEnvironment() && !request.image().isBlank()) {
            return Optional.of(Path.of(request.image().strip()).toAbsolutePath());
        }
        return Optional.ofNullable(settings.readyEnvironment()).map(Path::toAbsolutePath);
    }

    private static CondaPrefix base(CondaClient client) throws InterruptedException {
        return new CondaPrefix(client.base()
                .orElseThrow(() -> new AgentException(
                        ErrorCode.PROGRAM_MISSING,
                        client.identity()
                                + " has no base environment to install packages into; install conda, or unset "
                                + CondaSettings.BASE_ENVIRONMENT)));
    }
}
