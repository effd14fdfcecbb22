// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.StorageFactory;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginRegistryTest {

    private static final Setting<String> PIP_SETTING =
            Setting.of("agent.pip.mode", ValueTypes.TEXT, "fast", "For a test");
    private static final PackageManager MANAGER = request -> {
        throw new AssertionError("nothing is planned here");
    };

    private final List<PluginContext> contexts = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void packageManagerIsFoundByNameAndMadeOnce() {
        PluginRegistry registry =
                registry(FakePlugins.started("pip", new Pip()), FakePlugins.started("s3", new Storage()));

        PackageManager first = registry.packageManager("pip");

        assertThat(first).isSameAs(registry.packageManager("pip"));
        assertThat(contexts).hasSize(1);
        assertThat(registry.packageManagerNames()).containsExactly("pip");
    }

    @Test
    void unknownNameListsThoseThatAreRegistered() {
        PluginRegistry registry = registry(FakePlugins.started("pip", new Pip()));

        assertThatThrownBy(() -> registry.packageManager("poetry"))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_UNUSABLE))
                .hasMessage("no package manager is called 'poetry'; registered are pip");
        assertThatThrownBy(() -> registry.executor("venv"))
                .hasMessage("no executor is called 'venv'; none is registered");
        assertThatThrownBy(() -> registry.backgroundService("server"))
                .hasMessage("no background service is called 'server'; none is registered");
    }

    @Test
    void failureOfThePluginThatMayHaveTheNameIsTold() {
        PluginRegistry registry = registry(
                FakePlugins.failed("executor-slurm", "class 'x.Y' is missing; add its jar"),
                FakePlugins.failed("storage-s3", "no luck; try again"),
                FakePlugins.plugin("pip", new PluginStatus.Disabled("listed in /plugins/disabled.txt")));

        assertThatThrownBy(() -> registry.executor("slurm"))
                .hasMessage("no executor is called 'slurm'; none is registered; plugin 'executor-slurm' 1.0.0"
                        + " (/plugins/executor-slurm) cannot be used: class 'x.Y' is missing; add its jar");
        assertThatThrownBy(() -> registry.storage("S3")).hasMessageContaining("no luck; try again");
        assertThatThrownBy(() -> registry.packageManager("pipp"))
                .hasMessageContaining("plugin 'pip' 1.0.0 (/plugins/pip) is disabled: listed in /plugins/disabled.txt")
                .hasMessageNotContaining("slurm");
    }

    @Test
    void problemOfAPluginThatMayHaveACommandIsTold() {
        PluginRegistry registry = registry(FakePlugins.failed("acme-inventory", "it has no signature"));

        assertThat(registry.problemsBehindSubcommand("inventory"))
                .singleElement()
                .asString()
                .contains("plugin 'acme-inventory'", "it has no signature");
        assertThat(registry.problemsBehindSubcommand("greet")).isEmpty();
    }

    @Test
    void storageIsFoundByAnyOfItsSchemesAndClosedWithTheRegistry() {
        Storage storage = new Storage();
        PluginRegistry registry = registry(FakePlugins.started("storage-s3", storage));

        assertThat(registry.storage("s3")).isSameAs(registry.storage("S3A"));
        assertThatThrownBy(() -> registry.storage("gs"))
                .hasMessage("no storage scheme is called 'gs'; registered are s3, s3a");
        registry.close();
        registry.close();

        assertThat(storage.closed).isEqualTo(1);
    }

    @Test
    void pluginCodeRunsWithItsLoaderAndItsErrorsNameIt() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
            List<ClassLoader> seen = new ArrayList<>();
            AgentPlugin broken = new AgentPlugin() {
                @Override
                public List<Factory<VcsCredentialProvider>> credentialProviders() {
                    return List.of(Factory.of("broken", context -> {
                        seen.add(Thread.currentThread().getContextClassLoader());
                        throw new NoClassDefFoundError("x/Y");
                    }));
                }
            };
            PluginRegistry registry = registry(FakePlugins.started("broken", broken, loader));

            assertThatThrownBy(() -> registry.credentialProvider("broken"))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                    .hasMessageContaining("plugin 'broken' 1.0.0 (/plugins/broken) failed in making 'broken'")
                    .hasMessageContaining("java.lang.NoClassDefFoundError: x/Y");
            assertThat(seen).containsExactly(loader);
            assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(loader);
        }
    }

    @Test
    void errorsThatPluginsThrowOnPurposeComeThroughUnchanged() {
        AgentException own = new AgentException(ErrorCode.PROGRAM_MISSING, "install pip");
        AgentPlugin plugin = new AgentPlugin() {
            @Override
            public List<Factory<PackageManager>> packageManagers() {
                return List.of(Factory.of("pip", context -> {
                    throw own;
                }));
            }
        };

        assertThatThrownBy(() -> registry(FakePlugins.started("pip", plugin)).packageManager("pip"))
                .isSameAs(own);
    }

    @Test
    void subcommandWithoutARequiredSettingOfItsPluginIsRefused() {
        AgentPlugin plugin = new AgentPlugin() {
            @Override
            public List<Setting<?>> settings() {
                return List.of(Setting.required("agent.greeter.word", ValueTypes.TEXT, "The word that greets"));
            }

            @Override
            public List<Subcommand> subcommands() {
                return List.of(Subcommand.of("greet", "Greets", List.of(), invocation -> 0));
            }
        };
        PluginCommand command =
                registry(FakePlugins.started("greeter", plugin)).subcommands().getFirst();

        assertThatThrownBy(() -> action(command.command()).run(new EmptyInvocation(command.context())))
                .hasMessageContaining("needs agent.greeter.word (The word that greets)");
    }

    @Test
    void trialReportsInstancesThatBreakTheirContract() {
        AgentPlugin plugin = new AgentPlugin() {
            @Override
            public List<Factory<VcsCredentialProvider>> credentialProviders() {
                return List.of(
                        Factory.of("silent", context -> repository -> List.of()),
                        Factory.of("thrower", context -> repository -> {
                            throw new IllegalStateException("no such host");
                        }));
            }

            @Override
            public List<Factory<PackageManager>> packageManagers() {
                return List.of(Factory.of("greedy", context -> new PackageManager() {
                    @Override
                    public EnvironmentPlan plan(EnvironmentRequest request) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Optional<String> claims(EnvironmentRequest.SourceTree sources) {
                        return Optional.of("any.lock");
                    }
                }));
            }
        };
        InstalledPlugin installed = FakePlugins.started("vendor", plugin);

        List<Trial> trials = registry(installed).makeAll(installed, title -> {});

        assertThat(trials)
                .extracting(Trial::title)
                .containsExactly(
                        "package manager 'greedy'", "credential provider 'silent'", "credential provider 'thrower'");
        assertThat(trials.get(0).problem()).contains("claims must be empty").contains("'any.lock'");
        assertThat(trials.get(1).problem()).isEmpty();
        assertThat(trials.get(2).problem())
                .contains("VcsCredentialProvider.lookUp")
                .contains("no such host");
    }

    @Test
    void subcommandRunsAtTheEdgeOfItsPlugin() throws InterruptedException {
        AgentPlugin plugin = new AgentPlugin() {
            @Override
            public List<Subcommand> subcommands() {
                Subcommand fails = Subcommand.of("fail", "Fails", List.of(), invocation -> {
                    throw new IllegalStateException("no luck");
                });
                Subcommand works = Subcommand.of("work", "Works", List.of(), invocation -> 7);
                return List.of(Subcommand.group("server", "Serves", List.of(fails, works)));
            }
        };
        PluginCommand command =
                registry(FakePlugins.started("server", plugin)).subcommands().getFirst();
        Subcommand.Invocation invocation = new EmptyInvocation(command.context());

        assertThat(action(command.command().children().getLast()).run(invocation))
                .isEqualTo(7);
        assertThatThrownBy(() -> action(command.command().children().getFirst()).run(invocation))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("plugin 'server' 1.0.0 (/plugins/server) failed in subcommand 'fail'")
                .hasMessageContaining("no luck");
    }

    @Test
    void contextHoldsThePluginsOwnFoldersForThisUserOnly() throws IOException {
        registry(FakePlugins.started("pip", new Pip())).packageManager("pip");
        PluginContext context = contexts.getFirst();
        Path state = Files.createDirectories(
                folder.resolve("state/pip"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertThat(context.stateFolder()).isEqualTo(state).isDirectory();
        assertThat(context.cacheFolder()).isEqualTo(folder.resolve("cache/pip")).isDirectory();
        for (Path own : List.of(context.stateFolder(), context.cacheFolder())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
        }
        assertThat(context.pluginFolder()).isEqualTo(Path.of("/plugins/pip"));
        assertThat(context.agentCommand()).containsExactly("clearml-agent");
        assertThat(context.environment()).containsEntry("HOME", "/home/ci");
    }

    @Test
    void folderThatCannotBeMadeIsAnError() throws IOException {
        registry(FakePlugins.started("pip", new Pip())).packageManager("pip");
        Files.writeString(folder.resolve("state"), "in the way");

        assertThatThrownBy(contexts.getFirst()::stateFolder)
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_SYSTEM))
                .hasMessageContaining(folder.resolve("state/pip").toString());
    }

    @Test
    void pluginReadsItsOwnSettingsAndTheAgentsButNotAnothers() {
        Setting<String> foreign = Setting.of("agent.conda.mode", ValueTypes.TEXT, "slow", "For a test");
        AgentPlugin other = new AgentPlugin() {
            @Override
            public List<Setting<?>> settings() {
                return List.of(foreign);
            }
        };
        registry(FakePlugins.started("pip", new Pip()), FakePlugins.started("conda", other))
                .packageManager("pip");
        PluginContext context = contexts.getFirst();

        assertThat(context.settings().get(PIP_SETTING)).isEqualTo("fast");
        assertThat(context.settings().isSet(Setting.of("agent.worker_id", ValueTypes.TEXT, "", "The agent's")))
                .isFalse();
        assertThatThrownBy(() -> context.settings().get(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'agent.conda.mode' belongs to another plugin");
    }

    private static Subcommand.Action action(Subcommand command) {
        return Objects.requireNonNull(command.action());
    }

    private PluginRegistry registry(InstalledPlugin... plugins) {
        return new PluginRegistry(List.of(plugins), FakePlugins.shared(folder));
    }

    private final class Pip implements AgentPlugin {
        @Override
        public List<Setting<?>> settings() {
            return List.of(PIP_SETTING);
        }

        @Override
        public List<Factory<PackageManager>> packageManagers() {
            return List.of(Factory.of("pip", context -> {
                contexts.add(context);
                return MANAGER;
            }));
        }
    }

    private static final class Storage implements AgentPlugin, StorageFactory, StorageBackend {
        private int closed;

        @Override
        public List<StorageFactory> storageBackends() {
            return List.of(this);
        }

        @Override
        public Set<String> schemes() {
            return Set.of("s3a", "s3");
        }

        @Override
        public String name() {
            return "s3";
        }

        @Override
        public StorageBackend create(PluginContext context) {
            return this;
        }

        @Override
        public Set<StorageCapability> capabilities(StorageAddress place) {
            return Set.of();
        }

        @Override
        public Optional<StoredObject> stat(StorageAddress object) {
            return Optional.empty();
        }

        @Override
        public ObjectPage list(ObjectListing listing) {
            return ObjectPage.EMPTY;
        }

        @Override
        public ObjectContent read(StorageAddress object, ByteRange range) {
            throw new AssertionError("nothing is read here");
        }

        @Override
        public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition) {
            throw new AssertionError("nothing is written here");
        }

        @Override
        public void delete(StorageAddress object) {}

        @Override
        public void close() {
            closed++;
        }
    }
}
