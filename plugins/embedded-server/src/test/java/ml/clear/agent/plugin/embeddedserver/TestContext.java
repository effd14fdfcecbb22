// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Secrets;

/** What the agent would give, over a folder of the test. Its command starts {@link TestAgent} in a real JVM. */
record TestContext(Path folder, Map<Setting<?>, Object> values) implements PluginContext {

    static TestContext in(Path folder) {
        return new TestContext(folder, new HashMap<>(Map.of(ServerSettings.PORT, 0L)));
    }

    TestContext with(Setting<?> setting, Object value) {
        values.put(setting, value);
        return this;
    }

    @Override
    public Settings settings() {
        return new Settings() {
            @Override
            @SuppressWarnings("unchecked") // tests put values of the right type
            public <T> T get(Setting<T> setting) {
                return (T) values.getOrDefault(setting, setting.defaultValue());
            }

            @Override
            public boolean isSet(Setting<?> setting) {
                return values.containsKey(setting);
            }
        };
    }

    @Override
    public CommandRunner commands() {
        throw new AssertionError("not needed");
    }

    @Override
    public Network network() {
        throw new AssertionError("not needed");
    }

    @Override
    public Secrets secrets() {
        return secret -> {};
    }

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Path stateFolder() {
        return folder;
    }

    @Override
    public Path cacheFolder() {
        return folder;
    }

    @Override
    public Path pluginFolder() {
        return Path.of("target", "plugin-extras").toAbsolutePath();
    }

    @Override
    public List<String> agentCommand() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        // The heap that the launcher gives a server; and no folder for temporary files, which it must not need.
        command.addAll(List.of("-Xmn16m", "-Xmx160m", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/nonexistent"));
        command.addAll(List.of("-cp", classPath(), TestAgent.class.getName(), folder.toString()));
        return command;
    }

    private static String classPath() {
        List<String> entries = new ArrayList<>(List.of("target/test-classes", "target/classes"));
        for (String property : List.of("jdk.module.path", "java.class.path", "surefire.test.class.path")) {
            String path = System.getProperty(property, "");
            if (!path.isEmpty()) {
                entries.addAll(List.of(path.split(":", -1)));
            }
        }
        return String.join(
                ":",
                entries.stream()
                        .map(entry -> Path.of(entry).toAbsolutePath())
                        .filter(Files::exists)
                        .map(Path::toString)
                        .toList());
    }
}
