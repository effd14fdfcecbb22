// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.config.CheckedConfiguration;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.ConfigurationLoader;
import ml.clear.agent.runtime.config.Declarations;
import ml.clear.agent.runtime.config.IneffectiveKeys;
import ml.clear.agent.runtime.config.LoadedConfiguration;
import ml.clear.agent.runtime.config.Problem;
import ml.clear.agent.runtime.config.RuntimeSettings;
import ml.clear.agent.runtime.config.SelectionCheck;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.config.ServerAddresses;
import ml.clear.agent.runtime.config.Vocabulary;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.job.JobSettings;
import ml.clear.agent.runtime.launch.CodeStore;
import ml.clear.agent.runtime.launch.LaunchSettings;
import ml.clear.agent.runtime.launch.RunSettings;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginChecks;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.PluginRegistry;
import ml.clear.agent.runtime.plugins.PluginSurroundings;
import ml.clear.agent.runtime.plugins.TrustedKeys;
import ml.clear.agent.runtime.plugins.install.PluginFolder;
import ml.clear.agent.runtime.plugins.install.PluginLock;
import ml.clear.agent.runtime.plugins.pf4j.Pf4jPluginHost;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.redact.RegisteredCredentials;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.Credentials;
import ml.clear.agent.runtime.server.HttpClearmlServer;
import ml.clear.agent.runtime.worker.DaemonSettings;

/**
 * The parts of the agent, each made when it is first asked for, so that a command pays for what it uses. Owns them. Safe for
 * several threads.
 */
public final class Agent implements AutoCloseable {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Surroundings surroundings;
    private final AgentOptions options;
    private final Closer closer = new Closer();
    private volatile Predicate<Problem> needed = _ -> true;
    private final CommandRunner commands = new SystemCommandRunner();
    private final Lazy<LoadedConfiguration> sources = new Lazy<>(this::readSources);
    private final Lazy<PluginHost> pluginHost = new Lazy<>(this::openPlugins);
    private final Lazy<CheckedConfiguration> checked = new Lazy<>(this::check);
    private final Lazy<Configuration> configuration = new Lazy<>(this::usableConfiguration);
    private final Lazy<SystemNetwork> network = new Lazy<>(this::makeNetwork);
    private final Lazy<PluginRegistry> registry = new Lazy<>(this::makeRegistry);
    private final Lazy<MachineFolder> machine = new Lazy<>(() -> MachineFolder.of(stateFolder(), workerName()));
    private final Redactor redactor;

    /**
     * An agent; nothing is read or opened yet.
     *
     * @param redactor gets to know each secret that the agent reads or is given
     */
    public Agent(Surroundings surroundings, AgentOptions options, Redactor redactor) {
        this.surroundings = surroundings;
        this.options = options;
        this.redactor = redactor;
    }

    /** Where it runs. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /**
     * Errors in other parts of the configuration do not matter to this command. Called before the configuration is first
     * asked for.
     *
     * @param matters whether an error keeps the command from working
     */
    public void needs(Predicate<Problem> matters) {
        needed = matters;
    }

    /**
     * A subcommand of a plugin needs the settings of its plugin and those of folders and servers; errors elsewhere are not
     * its own.
     */
    public void runsPluginCommand(String name) {
        Set<String> own = plugins().stream()
                .map(InstalledPlugin::contributions)
                .filter(offered -> offered.subcommands().stream()
                        .anyMatch(command -> command.name().equals(name)))
                .flatMap(offered -> offered.settings().stream())
                .map(Setting::key)
                .collect(Collectors.toSet());
        FolderSettings.all().forEach(setting -> own.add(setting.key()));
        needs(problem -> problem.key().isEmpty()
                || own.contains(problem.key())
                || problem.key().startsWith("api."));
    }

    /** The configuration with everything that is wrong in it. */
    public CheckedConfiguration checkedConfiguration() {
        return checked.get();
    }

    /**
     * The configuration, when it can be used.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} with all errors
     */
    public Configuration configuration() {
        return configuration.get();
    }

    /** The file that {@code config set} changes: the named one, else the last that was read, else that of the home folder. */
    public Path configurationFile() {
        Path named = options.configFile();
        List<Path> files = sources.get().files();
        if (named != null) {
            return named;
        }
        return files.isEmpty() ? sources.get().candidates().getLast() : files.getLast();
    }

    /** An error for each selected plugin that is not registered. */
    public List<Problem> selectionProblems() {
        return new SelectionCheck(
                        contributed(Contributions::packageManagers),
                        contributed(Contributions::executors),
                        contributed(Contributions::credentialProviders))
                .problems(checked.get().configuration());
    }

    private <T> List<String> contributed(Function<Contributions, List<Factory<T>>> kind) {
        return plugins().stream()
                .flatMap(plugin -> kind.apply(plugin.contributions()).stream())
                .map(Factory::name)
                .toList();
    }

    /** Every plugin that was found. */
    public List<InstalledPlugin> plugins() {
        return pluginHost.get().plugins();
    }

    /** The plugins that did not come with the agent. */
    public List<InstalledPlugin> installedPlugins() {
        return plugins().stream()
                .filter(plugin -> !plugin.origin().startsWith(surroundings.bundledPlugins()))
                .toList();
    }

    /** The folder that commands install plugins into: the first one that the configuration names. */
    public PluginFolder pluginFolder() {
        return new PluginFolder(pluginFolders().getFirst(), stateFolder(), trustedKeys());
    }

    /** What has changed in the plugins folders since it was installed, one line each. */
    public List<String> changedPlugins() {
        return pluginFolders().stream()
                .flatMap(folder -> PluginLock.read(folder).differences().stream())
                .toList();
    }

    /** The Maven repositories that plugins are installed from. */
    public List<URI> pluginRepositories() {
        return sources.get().peek(FolderSettings.MAVEN_REPOSITORIES);
    }

    private List<Path> pluginFolders() {
        List<Path> folders = sources.get().peek(FolderSettings.PLUGINS);
        if (folders.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID, "agent.plugins.folders names no folder; name one to install into");
        }
        return folders;
    }

    private TrustedKeys trustedKeys() {
        return TrustedKeys.read(sources.get().peek(FolderSettings.TRUSTED_KEYS));
    }

    /** The options that plugins contribute to the commands that run tasks. */
    public List<ExecutorOption> executorOptions() {
        return plugins().stream()
                .flatMap(plugin -> plugin.contributions().executorOptions().stream())
                .toList();
    }

    /** What plugins contribute, ready to be made. */
    public PluginRegistry registry() {
        return registry.get();
    }

    /**
     * The server that the configuration names, or one that a plugin offers, started when it does not run.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} when there is neither
     */
    public ServerInUse locateServer() throws InterruptedException {
        ServerLocator locator = new ServerLocator(configuration(), surroundings.environment());
        Optional<ServerInUse> configured = locator.configured();
        return configured.isPresent()
                ? configured.get()
                : locator.offered(registry().backgroundServices());
    }

    /** A connection to a server, closed with the agent. Nothing is sent before its first use. */
    public ClearmlServer connect(ServerInUse server) {
        redactor.register(
                switch (server.credentials()) {
                    case Credentials.KeyPair pair -> pair.secretKey();
                    case Credentials.ReadyToken ready -> ready.token();
                });
        return closer.own(HttpClearmlServer.of(
                ServerConnection.settings(server, configuration(), hostName(), surroundings.version()),
                network(),
                redactor.renewed()));
    }

    /**
     * Log in to a server that no configuration names yet, with few repetitions.
     *
     * @throws ml.clear.agent.api.error.AgentException when it refuses the credentials or cannot be reached
     */
    public void logInOnce(ServerAddresses addresses, String accessKey, Secret secretKey) throws InterruptedException {
        ServerInUse server = new ServerInUse(
                URI.create(addresses.api()),
                addresses.web(),
                addresses.files(),
                new Credentials.KeyPair(accessKey, secretKey),
                false,
                "");
        redactor.register(secretKey);
        try (ClearmlServer once = HttpClearmlServer.of(
                ServerConnection.once(server, configuration(), hostName(), surroundings.version()),
                network(),
                redactor)) {
            once.workers().listing();
        }
    }

    /** Trust and proxies. */
    public SystemNetwork network() {
        return network.get();
    }

    /** Masks the secrets of the configuration and all that were registered since. */
    public Redactor redactor() {
        return redactor;
    }

    /** Makes working copies, with the version control systems and credentials of the plugins. */
    public Checkouts checkouts() {
        return new Checkouts(registry().versionControls(), credentials(), surroundings.environment());
    }

    private CredentialChain credentials() {
        return new CredentialChain(credentialProviders().stream()
                .map(name -> new CredentialChain.Source(
                        name, new RegisteredCredentials(registry().credentialProvider(name), redactor)))
                .toList());
    }

    private List<String> credentialProviders() {
        return configuration().get(SelectionSettings.VCS_CREDENTIALS).orElseGet(registry()::credentialProviderNames);
    }

    /**
     * Check that plugins contribute what the configuration selects, before a task is created that would wait in vain.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when one does not
     */
    public void requireSelected() {
        registry()
                .requireOffered(
                        configuration().get(SelectionSettings.EXECUTOR),
                        configuration().get(SelectionSettings.PACKAGE_MANAGER),
                        credentialProviders());
    }

    /** Where code is kept that no repository has. */
    public CodeStore codeStore() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new CodeStore(
                stateFolder().resolve("code"),
                configuration().get(RunSettings.SIZE_LIMIT),
                Set.of(surroundings.home(), temporary));
    }

    /** What options of the command line set, under the names of the variables that would. */
    public Map<String, String> optionVariables() {
        return options.variables();
    }

    /** Whether an option of the command line has selected the executor. */
    public boolean executorIsAskedFor() {
        return options.namesExecutor();
    }

    /** Runs external programs. */
    public CommandRunner commands() {
        return commands;
    }

    /** The time. */
    public InstantSource clock() {
        return InstantSource.system();
    }

    /** The folder of all executions of this machine. */
    public Path executions() {
        return machineFolder().resolve("executions");
    }

    /** The part of the state folder that belongs to this machine. */
    Path machineFolder() {
        return machine.get().folder();
    }

    /** The folder in which the tasks of this machine are prepared and run. */
    public Path workspaces() {
        Path all = configuration().get(EnvironmentSettings.FOLDER).toAbsolutePath();
        return machine.get().name().isEmpty() ? all : all.resolve(machine.get().name());
    }

    /** The folder where the workers of this machine are registered. */
    Path workers() {
        return machine.get().folder().resolve("workers");
    }

    /** The folder where the daemons of this machine write down which task they are taking out of a queue. */
    Path takes() {
        return machine.get().folder().resolve("takes");
    }

    /** The name from which ids of workers are made. */
    public String workerName() {
        return configuration()
                .get(WorkerSettings.WORKER_NAME)
                .filter(name -> !name.isBlank())
                .orElseGet(this::hostName);
    }

    /** The id of the worker that a command is, when no daemon has given one. */
    public String workerId() {
        return configuration()
                .get(WorkerSettings.WORKER_ID)
                .filter(id -> !id.isBlank())
                .orElseGet(() -> workerName() + ":" + ProcessHandle.current().pid());
    }

    /** Close all parts that were made, the last one first. */
    @Override
    public void close() {
        closer.close();
    }

    /** The sources of the configuration, before the settings of plugins are known. */
    LoadedConfiguration sources() {
        return sources.get();
    }

    /** The sources as they are now; what was read before stays as it is. */
    LoadedConfiguration readAgain() {
        return load(new ConfigurationLoader(variables(), surroundings.home()));
    }

    private LoadedConfiguration readSources() {
        return load(ConfigurationInForce.inherited(surroundings.environment())
                .map(texts -> new ConfigurationLoader(variables(), surroundings.home(), texts))
                .orElseGet(() -> new ConfigurationLoader(variables(), surroundings.home())));
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(surroundings.environment());
        variables.putAll(options.variables());
        return variables;
    }

    private LoadedConfiguration load(ConfigurationLoader loader) {
        Path file = options.configFile();
        return file == null ? loader.load() : loader.load(file);
    }

    private PluginHost openPlugins() {
        return closer.own(Pf4jPluginHost.open(PluginHostRequest.builder(surroundings.version(), stateFolder())
                .bundled(surroundings.bundledPlugins())
                .installed(sources.get().peek(FolderSettings.PLUGINS))
                .agentSettings(runtimeDeclarations().settings())
                .agentCommands(options.ownCommands())
                .trustedKeys(trustedKeys())
                .build()));
    }

    private CheckedConfiguration check() {
        return check(sources.get());
    }

    /** Read the settings of the agent and of all plugins. */
    CheckedConfiguration check(LoadedConfiguration loaded) {
        List<Declarations> declarations = new ArrayList<>();
        declarations.add(runtimeDeclarations());
        for (InstalledPlugin plugin : plugins()) {
            declarations.add(
                    new Declarations(plugin.id(), plugin.contributions().settings()));
        }
        List<IneffectiveKeys> ineffective = pluginHost.get().absentSettings().stream()
                .map(absent -> new IneffectiveKeys(absent.keys(), absent.reason()))
                .toList();
        CheckedConfiguration result = loaded.check(declarations, Vocabulary.all(), ineffective);
        for (PluginChecks.Finding finding : PluginChecks.run(plugins(), result.configuration())) {
            result = result.with(
                    finding.error() ? Problem.Severity.ERROR : Problem.Severity.WARNING,
                    finding.setting(),
                    finding.text());
        }
        return result;
    }

    private Configuration usableConfiguration() {
        Configuration usable = checked.get().orThrow(needed);
        redactor.registerAll(usable.secrets());
        return usable;
    }

    private static Declarations runtimeDeclarations() {
        List<Setting<?>> more = new ArrayList<>();
        more.addAll(FolderSettings.all());
        more.addAll(EnvironmentSettings.all());
        more.addAll(JobSettings.all());
        more.addAll(RunSettings.all());
        more.addAll(LaunchSettings.all());
        more.addAll(DaemonSettings.all());
        return RuntimeSettings.declarations(more);
    }

    private SystemNetwork makeNetwork() {
        return new SystemNetwork(
                CertificateCheck.parse(configuration().get(ApiSettings.VERIFY_CERTIFICATE)),
                surroundings.environment(),
                stateFolder().resolve("network"));
    }

    private PluginRegistry makeRegistry() {
        PluginSurroundings forPlugins = new PluginSurroundings(
                configuration(),
                commands,
                network(),
                redactor,
                repositories -> checkouts().accessVariables(repositories),
                surroundings.environment(),
                clock(),
                stateFolder().resolve("plugins"),
                surroundings.home().resolve(".clearml").resolve("cache"),
                surroundings.agentCommand());
        return closer.own(new PluginRegistry(plugins(), forPlugins));
    }

    /** The folder of what must survive a restart. */
    Path stateFolder() {
        return sources.get().peek(FolderSettings.STATE);
    }

    /** The name that the kernel has for this machine; asking the network for one may take long, and gives another. */
    String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return surroundings.environment().getOrDefault("HOSTNAME", "localhost");
        }
    }
}
