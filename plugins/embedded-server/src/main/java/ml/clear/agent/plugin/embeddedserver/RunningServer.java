// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.api.EmbeddedServer;
import ml.clear.agent.embedded.api.KeyPairs;
import ml.clear.agent.embedded.api.SteadyTime;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Retention;
import ml.clear.agent.embedded.store.SqliteLibrary;
import ml.clear.agent.embedded.store.StoreException;

/** The server of this process: owns the data folder by a lock, and writes down where it is. */
final class RunningServer implements AutoCloseable {

    private static final int PORTS_TO_TRY = 100;

    private final Path folder;
    private final FileChannel lock;
    private final EmbeddedServer server;
    private final Credentials credentials;
    private final boolean firstStart;
    private boolean closed;

    private RunningServer(
            Path folder, FileChannel lock, EmbeddedServer server, Credentials credentials, boolean firstStart) {
        this.folder = folder;
        this.lock = lock;
        this.server = server;
        this.credentials = credentials;
        this.firstStart = firstStart;
    }

    /**
     * What to start.
     *
     * @param folder the data folder
     * @param host where to listen
     * @param port the first port to try, 0 for any
     * @param exact whether only that port will do
     * @param nativeLibraries where the plugin brings its native libraries
     * @param state a folder of ours for what the plugin does not bring
     * @param retention which events to keep
     * @param anonymous whether callers without credentials are served
     */
    record Request(
            Path folder,
            String host,
            int port,
            boolean exact,
            Path nativeLibraries,
            Path state,
            Retention retention,
            boolean anonymous) {}

    /** Start; empty when another process has the data folder. */
    static Optional<RunningServer> start(Request request, InstantSource clock) {
        try {
            DataFolder folder = DataFolder.open(request.folder());
            FileChannel lock = FileChannel.open(
                    folder.path().resolve("server.lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            if (!lock(lock)) {
                lock.close();
                return Optional.empty();
            }
            SqliteLibrary.prepare(request.nativeLibraries(), request.state().resolve("native"));
            return Optional.of(open(request, folder, lock, clock));
        } catch (IOException | StoreException e) {
            throw new AgentException(
                    ErrorCode.LAUNCH_FAILED,
                    "cannot start the embedded server in '" + request.folder() + "': " + e.getMessage(),
                    e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process has it
        }
    }

    private static RunningServer open(Request request, DataFolder folder, FileChannel lock, InstantSource clock)
            throws IOException {
        Database database = Database.opening(folder.database());
        EmbeddedServer server = bind(request, folder, database, clock);
        Optional<Credentials> present = Credentials.read(folder.path());
        Credentials credentials =
                present.isPresent() ? present.get() : Credentials.create(folder.path(), new KeyPairs(database, clock));
        new ServerRecord(ServerAddress.api(server.address()), ProcessIdentity.current()).write(folder.path());
        return new RunningServer(folder.path(), lock, server, credentials, present.isEmpty());
    }

    private static EmbeddedServer bind(Request request, DataFolder folder, Database database, InstantSource clock)
            throws IOException {
        for (int port = request.port(); ; port++) {
            try {
                InetSocketAddress address = new InetSocketAddress(request.host(), port);
                EmbeddedServer.Options options = EmbeddedServer.Options.of(address)
                        .withRetention(request.retention())
                        .withAnonymous(request.anonymous());
                return EmbeddedServer.start(folder, database, options, clock, SteadyTime.from(clock));
            } catch (BindException e) {
                if (request.exact() || request.port() == 0 || port == request.port() + PORTS_TO_TRY || port == 65535) {
                    throw new AgentException(
                            ErrorCode.LAUNCH_FAILED,
                            "cannot listen on '" + request.host() + ":" + port + "' (" + e.getMessage()
                                    + "); choose another with --port or agent.embedded_server.port",
                            e);
                }
            }
        }
    }

    URI api() {
        return ServerAddress.api(server.address());
    }

    Credentials credentials() {
        return credentials;
    }

    /** Whether the data folder was new. */
    boolean firstStart() {
        return firstStart;
    }

    Duration idle() {
        return server.idle();
    }

    /** Ends the server once, whoever asks: the command, or the hook that a signal runs. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ServerRecord.remove(folder);
            server.close();
            lock.close();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot close the data folder '" + folder + "': " + e.getMessage(), e);
        }
    }
}
