// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.runtime.config.ConfigurationLoader;
import ml.clear.agent.runtime.config.Declarations;

/** Storage over a store in memory, as a configuration file describes it, without waiting. */
public final class StorageFixture {

    public final MemoryStore store = new MemoryStore();
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final Path folder;

    public StorageFixture(Path folder) {
        this.folder = folder;
    }

    public static StorageAddress at(String key) {
        return StorageAddress.parse("mem://store/" + key);
    }

    static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** With this {@code clearml.conf}. */
    Storage configured(String text) throws IOException {
        Settings settings = settings(text);
        Retries configured = StorageSettings.retries(settings);
        return new Storage(
                _ -> store,
                settings,
                folder.resolve("state"),
                new Retries(configured.limit(), configured.firstWait(), waits::add));
    }

    private Settings settings(String text) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(
                home.resolve("clearml.conf"),
                "sdk.storage.cache.default_base_dir: \"" + folder.resolve("cache") + "\"\n" + text);
        return new ConfigurationLoader(Map.of(), home)
                .load()
                .check(List.of(new Declarations("agent", StorageSettings.all())), List.of())
                .configuration();
    }

    public Storage usual() throws IOException {
        return configured("");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
