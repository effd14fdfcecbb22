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
import ml.clear.agent.embedded.store.Links;
import ml.clear.agent.embedded.store.SqliteLibrary;
import ml.clear.agent.embedded.store.StoreException;

/** The server of this process: locks the data folder and records its address there. */
final class RunningServer implements AutoCloseable {

    private static final int PORTS_TO_TRY = 100;

    private final Path folder;
    private final FileChannel lock;
    private final EmbeddedServer server;
    private final URI api;
    private final Credentials credentials;
    private final boolean firstStart;
    private final Optional<URI> formerApi;
    private final Optional<Path> certificate;
    private boolean closed;

    private RunningServer(
            Path folder,
            FileChannel lock,
            EmbeddedServer server,
            URI api,
            Credentials credentials,
            boolean firstStart,
            Optional<URI> formerApi,
            Optional<Path> certificate) {
        this.folder = folder;
        this.lock = lock;
        this.server = server;
        this.api = api;
        this.credentials = credentials;
        this.firstStart = firstStart;
        this.formerApi = formerApi;
        this.certificate = certificate;
    }

    /**
     * What to start.
     *
     * @param folder the data folder
     * @param host where to listen
     * @param port the port that is asked for, 0 for any free one; absent to keep the port of the data folder
     * @param settings everything else
     * @param nativeLibraries where the plugin brings its native libraries
     * @param state a folder of ours for what the plugin does not bring
     */
    record Request(
            Path folder,
            String host,
            Optional<Integer> port,
            ServerSettings settings,
            Path nativeLibraries,
            Path state) {}

    /** Starts the server; empty when another process uses the data folder. */
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
            return false; // locked by this process itself
        }
    }

    private static RunningServer open(Request request, DataFolder folder, FileChannel lock, InstantSource clock)
            throws IOException {
        Database database = Database.opening(folder.database());
        Optional<KeptAddress> kept = KeptAddress.read(folder.path());
        Optional<ServerCertificate> certificate = certificate(request, folder, clock);
        EmbeddedServer server = bind(request, folder, database, kept, certificate, clock);
        URI api = ServerAddress.api(server.address(), certificate.isPresent());
        Optional<URI> former = kept.map(KeptAddress::api).filter(before -> !before.equals(api));
        former.ifPresent(before -> moveLinks(database, before, api));
        new KeptAddress(api).write(folder.path());
        KeyPairs keys = new KeyPairs(database, clock);
        Optional<Credentials> present = Credentials.read(folder.path());
        Optional<Credentials> valid = present.filter(pair -> keys.exists(pair.accessKey()));
        Credentials credentials = valid.isPresent() ? valid.get() : Credentials.create(folder.path(), keys);
        new ServerRecord(api, ProcessIdentity.current()).write(folder.path());
        return new RunningServer(
                folder.path(),
                lock,
                server,
                api,
                credentials,
                present.isEmpty(),
                former,
                certificate.flatMap(ServerCertificate::toTrust));
    }

    private static Optional<ServerCertificate> certificate(Request request, DataFolder folder, InstantSource clock)
            throws IOException {
        Optional<ServerSettings.TlsFiles> files = request.settings().tls();
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(ServerCertificate.of(
                        files.get(),
                        folder.path(),
                        ServerCertificate.names(
                                request.host(), request.settings().names()),
                        clock));
    }

    /** Documents name stored files by the address of this server, so a new address is written into them. */
    private static void moveLinks(Database database, URI from, URI to) {
        String target = ServerAddress.files(to) + "/";
        database.write(session -> Links.move(session, ServerAddress.files(from) + "/", target));
        if ("127.0.0.1".equals(from.getHost())) {
            URI named = URI.create(from.toString().replace("127.0.0.1", "localhost"));
            database.write(session -> Links.move(session, ServerAddress.files(named) + "/", target));
        }
    }

    private static EmbeddedServer bind(
            Request request,
            DataFolder folder,
            Database database,
            Optional<KeptAddress> kept,
            Optional<ServerCertificate> certificate,
            InstantSource clock)
            throws IOException {
        Optional<Integer> exact = request.port().or(() -> kept.map(KeptAddress::port));
        int first = exact.orElse(request.settings().port());
        int last = exact.isPresent() || first == 0 ? first : Math.min(first + PORTS_TO_TRY, 65535);
        for (int port = first; ; port++) {
            try {
                EmbeddedServer.Options options = EmbeddedServer.Options.of(new InetSocketAddress(request.host(), port))
                        .withRetention(request.settings().retention())
                        .withAnonymous(request.settings().anonymous())
                        .withNames(request.settings().names())
                        .withFileBytes(request.settings().filesLimit())
                        .withMachineKey(() -> Credentials.keyOf(folder.path()))
                        .withTls(certificate.map(ServerCertificate::context).orElse(null));
                return EmbeddedServer.start(folder, database, options, clock, SteadyTime.from(clock));
            } catch (BindException e) {
                if (port == last) {
                    throw new AgentException(
                            ErrorCode.LAUNCH_FAILED, cannotListen(request, port, kept.isPresent(), e), e);
                }
            }
        }
    }

    private static String cannotListen(Request request, int port, boolean kept, BindException e) {
        String what = "cannot listen on '" + request.host() + ":" + port + "' (" + e.getMessage() + ")";
        String holder = port > 0 ? ", " + PortHolder.describe(port) + " has the port" : "";
        if (kept && request.port().isEmpty()) {
            return what + holder + "; the stored artifacts, models and data sets of '" + request.folder()
                    + "' name this address: stop that process, or give them another address with"
                    + " 'clearml-agent server start --port NUMBER'";
        }
        return what + holder + "; choose another with --port or agent.embedded_server.port";
    }

    URI api() {
        return api;
    }

    Credentials credentials() {
        return credentials;
    }

    /** Whether the data folder was new. */
    boolean firstStart() {
        return firstStart;
    }

    /** The certificate that clients must trust explicitly, if the server created it itself. */
    Optional<Path> certificate() {
        return certificate;
    }

    /** Whether other machines can reach the server over unencrypted connections. */
    boolean readableByOthers() {
        return !server.address().getAddress().isLoopbackAddress()
                && !api.getScheme().equals("https");
    }

    /** The address that the data folder had before, when it has another one now. */
    Optional<URI> formerApi() {
        return formerApi;
    }

    Duration idle() {
        return server.idle();
    }

    /** Stops the server; only the first call has an effect. Called by the command and by the shutdown hook. */
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
