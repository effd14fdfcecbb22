// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.TrustedKeys;
import ml.clear.agent.runtime.plugins.pf4j.Pf4jPluginHost;

/**
 * The plugins folder of a user, which commands change: one file a plugin, {@code plugins.lock} beside them. Two commands at
 * the same moment take turns. Running agents keep the files that they have open.
 */
public final class PluginFolder {

    private final Path folder;
    private final Path stateFolder;
    private final TrustedKeys keys;

    /**
     * A plugins folder.
     *
     * @param stateFolder the state folder of the agent
     * @param keys whose signatures are asked for
     */
    public PluginFolder(Path folder, Path stateFolder, TrustedKeys keys) {
        this.folder = folder;
        this.stateFolder = stateFolder;
        this.keys = keys;
    }

    /**
     * What to install.
     *
     * @param source a file, an address or {@code group:artifact:version[:classifier]}
     * @param sha256 the digest that the file must have
     * @param repositories the Maven repositories to look in
     * @param network how to reach other machines; asked only when that is needed
     */
    public record Request(
            String source, Optional<String> sha256, List<URI> repositories, Supplier<? extends Network> network) {

        /** Copies the list. */
        public Request {
            repositories = List.copyOf(repositories);
        }
    }

    /**
     * Install a plugin, in place of the version that is there.
     *
     * @param verification is given the fetched file, and throws when the plugin must not be installed
     * @return what was installed
     * @throws AgentException when the source, the digest, the signature or the plugin itself is not as it must be; nothing
     *     has changed then
     */
    public InstalledPlugin install(Request request, Consumer<Path> verification) {
        return alone(() -> {
            Path work = OwnerOnly.createTemporaryFolder(folder, ".installing-");
            try {
                Path fetched = new PluginSource(new Download(request.network()), request.repositories())
                        .fetch(request.source(), work);
                String digest = Digest.of(fetched);
                request.sha256()
                        .filter(wanted -> !wanted.equalsIgnoreCase(digest))
                        .ifPresent(wanted -> {
                            throw new AgentException(
                                    ErrorCode.PLUGIN_UNUSABLE,
                                    "'" + request.source() + "' has SHA-256 " + digest + ", and " + wanted
                                            + " was asked for; get the right file");
                        });
                checkSignature(fetched, request.source());
                InstalledPlugin plugin = Pf4jPluginHost.describe(fetched, stateFolder);
                verification.accept(fetched);
                return publish(plugin, fetched, digest, request.source());
            } finally {
                Folders.delete(work);
            }
        });
    }

    private void checkSignature(Path fetched, String source) {
        try {
            keys.check(fetched);
        } catch (AgentException e) {
            throw new AgentException(e.code(), "'" + source + "' is not installed: " + e.getMessage(), e);
        }
    }

    private InstalledPlugin publish(InstalledPlugin plugin, Path fetched, String digest, String source)
            throws IOException {
        PluginLock lock = PluginLock.read(folder);
        String name = plugin.id() + (fetched.toString().endsWith(".zip") ? ".zip" : ".jar");
        Optional<Path> before = existing(plugin.id(), lock);
        before.filter(Files::isDirectory).ifPresent(other -> {
            throw new AgentException(
                    ErrorCode.PLUGIN_UNUSABLE,
                    "plugin '" + plugin.id() + "' is in folder '" + other + "'; remove that first, with 'clearml-agent"
                            + " plugins remove " + plugin.id() + "'");
        });
        Path target = folder.resolve(name);
        if (before.isPresent() && !before.get().equals(target)) {
            delete(before.get());
        }
        Path signature = TrustedKeys.signatureOf(fetched);
        if (Files.exists(signature)) {
            Files.move(signature, TrustedKeys.signatureOf(target), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(TrustedKeys.signatureOf(target));
        }
        Files.move(fetched, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        lock.put(new PluginLock.Entry(plugin.id(), plugin.version(), name, digest, source));
        lock.save();
        Pf4jPluginHost.forgetFailedStart(stateFolder, plugin.id());
        return new InstalledPlugin(plugin.id(), plugin.version(), plugin.description(), target, plugin.status());
    }

    /**
     * Delete a plugin.
     *
     * @return what was deleted
     * @throws AgentException {@code NOT_FOUND} when this folder does not hold it
     */
    public Path remove(String id) {
        return alone(() -> {
            PluginLock lock = PluginLock.read(folder);
            Path file = existing(id, lock)
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.NOT_FOUND,
                            "plugin '" + id + "' is not in '" + folder + "'; 'clearml-agent plugins list' shows where"
                                    + " plugins are, and 'clearml-agent plugins disable " + id + "' switches one off"));
            delete(file);
            lock.remove(id);
            lock.save();
            Pf4jPluginHost.forgetFailedStart(stateFolder, id);
            return file;
        });
    }

    /** Switch a plugin on: no list of this folder names it as off, and a failed start is forgotten. */
    public void enable(String id) {
        alone(() -> {
            SwitchFile.disabled(folder).remove(id);
            SwitchFile.enabled(folder).addIfUsed(id);
            Pf4jPluginHost.forgetFailedStart(stateFolder, id);
            return id;
        });
    }

    /** Switch a plugin off, wherever it is installed. */
    public void disable(String id) {
        alone(() -> {
            SwitchFile.disabled(folder).add(id);
            SwitchFile.enabled(folder).remove(id);
            return id;
        });
    }

    /** The file or folder of a plugin, as the lock or its descriptor says. */
    private Optional<Path> existing(String id, PluginLock lock) throws IOException {
        Optional<Path> locked =
                lock.entry(id).map(entry -> folder.resolve(entry.file())).filter(Files::exists);
        return locked.isPresent()
                ? locked
                : Pf4jPluginHost.findIn(folder, stateFolder).stream()
                        .filter(plugin -> plugin.id().equals(id))
                        .map(InstalledPlugin::origin)
                        .findFirst();
    }

    private static void delete(Path plugin) throws IOException {
        if (Files.isDirectory(plugin)) {
            Folders.delete(plugin);
        } else {
            Files.deleteIfExists(plugin);
            Files.deleteIfExists(TrustedKeys.signatureOf(plugin));
        }
    }

    private <T> T alone(Change<T> change) {
        try {
            OwnerOnly.createFolders(folder);
            try (FileChannel channel = OwnerOnly.open(
                            folder.resolve(".change"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                return change.make();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the plugins folder '" + folder + "' cannot be changed: " + e
                            + "; check its permissions and free space",
                    e);
        }
    }

    private interface Change<T> {
        T make() throws IOException;
    }
}
