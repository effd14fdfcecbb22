// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.config.ServerAddresses;
import ml.clear.agent.runtime.launch.CodeStore;
import ml.clear.agent.runtime.launch.RunSettings;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import ml.clear.agent.runtime.plugins.PluginRegistry;
import ml.clear.agent.runtime.plugins.SharedPluginContext;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.redact.RegisteredCredentials;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.Credentials;
import ml.clear.agent.runtime.server.HttpClearmlServer;
import ml.clear.agent.runtime.storage.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the agent, each made when it is first asked for, so that a command pays for what it uses. Owns them. Safe for
 * several threads.
 */
public final class Agent implements AutoCloseable {

    private final AgentProcess agentProcess;
    private final Redactor redactor;
    private final Closer closer = new Closer();
    private final CommandRunner commands = new SystemCommandRunner();
    private final ConfigurationSources sources;
    private final AgentPlugins plugins;
    private final ConfigurationCheck configurationCheck;
    private final AgentFolders folders;
    private final Lazy<SystemNetwork> network = new Lazy<>(this::makeNetwork);
    private final Lazy<PluginRegistry> registry = new Lazy<>(this::makeRegistry);
    private final Lazy<Storage> storage = new Lazy<>(this::makeStorage);
    private volatile @Nullable ServerInUse serverInUse;

    /**
     * An agent; nothing is read or opened yet.
     *
     * @param redactor gets to know each secret that the agent reads or is given
     */
    public Agent(AgentProcess agentProcess, AgentOptions options, Redactor redactor) {
        this.agentProcess = agentProcess;
        this.redactor = redactor;
        this.sources = new ConfigurationSources(agentProcess, options);
        this.plugins = new AgentPlugins(sources, agentProcess, options, closer);
        this.configurationCheck = new ConfigurationCheck(sources, plugins, redactor);
        this.folders = new AgentFolders(sources, configurationCheck::usable, agentProcess.environment());
    }

    /** Where it runs. */
    public AgentProcess process() {
        return agentProcess;
    }

    /** Where the configuration comes from. */
    public ConfigurationSources sources() {
        return sources;
    }

    /** The plugins and their folders. */
    public AgentPlugins plugins() {
        return plugins;
    }

    /** What is wrong in the configuration. */
    public ConfigurationCheck configurationCheck() {
        return configurationCheck;
    }

    /** The folders of this machine, and the names of its workers. */
    public AgentFolders folders() {
        return folders;
    }

    /**
     * The configuration, when it can be used.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} with all errors
     */
    public Configuration configuration() {
        return configurationCheck.usable();
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
        ServerLocator locator = new ServerLocator(configuration(), agentProcess.environment());
        Optional<ServerInUse> configured = locator.configured();
        ServerInUse located = configured.isPresent()
                ? configured.get()
                : locator.offered(registry().backgroundServices());
        serverInUse = located;
        return located;
    }

    /** The server that {@link #locateServer} found, empty before. */
    Optional<ServerInUse> locatedServer() {
        return Optional.ofNullable(serverInUse);
    }

    /** The server that was located, or that the configuration names; none is started for the answer. */
    Optional<ServerInUse> knownServer() {
        return locatedServer().or(() -> new ServerLocator(configuration(), agentProcess.environment()).configured());
    }

    /** A connection to a server, closed with the agent. Nothing is sent before its first use. */
    public ClearmlServer connect(ServerInUse server) {
        redactor.register(
                switch (server.credentials()) {
                    case Credentials.KeyPair pair -> pair.secretKey();
                    case Credentials.ReadyToken ready -> ready.token();
                });
        return closer.own(HttpClearmlServer.of(
                ServerConnection.settings(server, configuration(), folders.hostName(), agentProcess.version()),
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
        logInOnce(server);
    }

    /**
     * Log in to a server with few repetitions.
     *
     * @throws ml.clear.agent.api.error.AgentException when it refuses the credentials or cannot be reached
     */
    void logInOnce(ServerInUse server) throws InterruptedException {
        try (ClearmlServer once = HttpClearmlServer.of(
                ServerConnection.once(server, configuration(), folders.hostName(), agentProcess.version()),
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
        return new Checkouts(registry().versionControls(), credentials(), agentProcess.environment());
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

    /** Objects in the stores of all plugins. */
    public Storage storage() {
        return storage.get();
    }

    /** Where code is kept that no repository has. */
    public CodeStore codeStore() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new CodeStore(
                new SharedCache(
                        folders.state().resolve("code"),
                        new SharedCache.Limits(
                                configuration().get(RunSettings.CODE_LONGEST_UNUSED),
                                configuration().get(RunSettings.CODE_MOST_BYTES)),
                        clock()),
                configuration().get(RunSettings.SIZE_LIMIT),
                Set.of(agentProcess.home(), temporary));
    }

    /** Runs external programs. */
    public CommandRunner commands() {
        return commands;
    }

    /** The time. */
    public InstantSource clock() {
        return InstantSource.system();
    }

    /** Take over a part that closes before those that it uses. */
    <T extends AutoCloseable> T own(T part) {
        return closer.own(part);
    }

    /** Close all parts that were made, the last one first. */
    @Override
    public void close() {
        closer.close();
    }

    private SystemNetwork makeNetwork() {
        return new SystemNetwork(
                CertificateCheck.parse(configuration().get(ApiSettings.VERIFY_CERTIFICATE)),
                agentProcess.environment(),
                folders.state().resolve("network"));
    }

    private Storage makeStorage() {
        return new Storage(scheme -> registry().storage(scheme), configuration(), folders.state());
    }

    private PluginRegistry makeRegistry() {
        SharedPluginContext forPlugins = new SharedPluginContext(
                configuration(),
                commands,
                network(),
                redactor,
                repositories -> checkouts().programAccess(repositories),
                new AgentServer(this),
                this::storage,
                agentProcess.environment(),
                clock(),
                folders.state().resolve("plugins"),
                agentProcess.home().resolve(".clearml").resolve("cache"),
                agentProcess.agentCommand());
        return closer.own(new PluginRegistry(plugins.all(), forPlugins));
    }
}
