// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import ml.clear.agent.embedded.page.PageHandler;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Retention;
import org.jspecify.annotations.Nullable;

/** A running server on one port: the API, the files at {@code /files}, and the page. Safe for several threads. */
public final class EmbeddedServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EmbeddedServer.class.getName());
    private static final Duration RUNNING_LATELY = Duration.ofMinutes(10);
    private static final int BACKLOG = 1024;
    private static final int SECONDS_TO_END = 2;

    static {
        // The JDK's server reads these once. Without the first, small answers wait for the client's delayed
        // acknowledgement. Idle connections stay open for longer (seconds) than the usual clients keep them: the side
        // that closes one while the other sends breaks a request that is not retried.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "400");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "512");
        System.setProperty("jdk.httpserver.maxConnections", "2048");
    }

    private final Database database;
    private final HttpServer http;
    private final ExecutorService requests;
    private final ScheduledExecutorService housekeeping;
    private final List<Future<?>> chores = new ArrayList<>();
    private final Routes routes;
    private final Activity activity = new Activity();
    private final Watchdog watchdog;
    private volatile boolean closing;

    /**
     * How to serve.
     *
     * @param address where to listen; port 0 means any free one
     * @param retention which events to keep
     * @param anonymous whether callers without credentials are served
     * @param patience how long a caller may be silent in the middle of a request or an answer
     * @param names names beyond its own by which callers call the server
     * @param fileBytes how many bytes the stored files may hold together, 0 for any number
     * @param tls what to serve https with; http without it
     * @param machineKey the access key of this machine's own programs, to which sessions of its browsers belong
     */
    public record Options(
            InetSocketAddress address,
            Retention retention,
            boolean anonymous,
            Duration patience,
            List<String> names,
            long fileBytes,
            @Nullable SSLContext tls,
            Supplier<Optional<String>> machineKey) {

        /** Copies the names. */
        public Options {
            names = List.copyOf(names);
        }

        /** Everything is kept, credentials are needed, and files have no limit. */
        public static Options of(InetSocketAddress address) {
            return new Options(
                    address, Retention.EVERYTHING, false, SilentCallers.PATIENCE, List.of(), 0, null, Optional::empty);
        }

        /** The same with another retention. */
        public Options withRetention(Retention other) {
            return new Options(address, other, anonymous, patience, names, fileBytes, tls, machineKey);
        }

        /** The same for callers without credentials, or not. */
        public Options withAnonymous(boolean other) {
            return new Options(address, retention, other, patience, names, fileBytes, tls, machineKey);
        }

        /** The same with another patience. */
        public Options withPatience(Duration other) {
            return new Options(address, retention, anonymous, other, names, fileBytes, tls, machineKey);
        }

        /** The same with other names. */
        public Options withNames(List<String> other) {
            return new Options(address, retention, anonymous, patience, other, fileBytes, tls, machineKey);
        }

        /** The same with another limit of files. */
        public Options withFileBytes(long other) {
            return new Options(address, retention, anonymous, patience, names, other, tls, machineKey);
        }

        /** The same for browsers of this machine, whose sessions belong to the key that is read at each login. */
        public Options withMachineKey(Supplier<Optional<String>> other) {
            return new Options(address, retention, anonymous, patience, names, fileBytes, tls, other);
        }

        /** The same by https, or by http for null. */
        public Options withTls(@Nullable SSLContext other) {
            return new Options(address, retention, anonymous, patience, names, fileBytes, other, machineKey);
        }
    }

    private EmbeddedServer(
            DataFolder folder,
            Database database,
            HttpServer http,
            Options options,
            InstantSource clock,
            InstantSource steady)
            throws IOException {
        this.database = database;
        this.http = http;
        Stores stores = Stores.in(database, clock);
        Tokens tokens = new Tokens(folder.tokenKey(), clock, database);
        KeyPairs keys = new KeyPairs(database, clock);
        Authentication authentication = new Authentication(
                tokens, keys, options.anonymous(), http.getAddress().getPort());
        Workers workers = new Workers(stores, steady);
        watchdog = new Watchdog(stores);
        Queues queues = new Queues(stores);
        FileTree tree = new FileTree(folder.files(), folder.incoming(), options.fileBytes());
        OwnFiles own = new OwnFiles(tree, http.getAddress().getPort());
        routes = new Services(stores, tokens, keys, workers, queues, own, steady).routes();
        BrowserGuard guard =
                new BrowserGuard(new HostNames(options.address(), options.names()), tokens, options.tls() != null);
        HttpHandler api = new ApiHandler(routes, authentication, guard, new Bodies(folder.incoming()));
        HttpHandler files = new FilesHandler(tree, authentication, guard);
        PageCredentials credentials = new PageCredentials(
                keys,
                OneTimeTokens.of(folder, clock),
                database,
                SameUser.ofThisProcess(),
                options.anonymous(),
                options.machineKey());
        int port = http.getAddress().getPort();
        HttpHandler login = new PageLogin(tokens, authentication, guard, credentials, port);
        HttpHandler page = guard.before(new PageHandler());
        http.createContext("/", exchange -> dispatch(exchange, new Parts(api, files, login, page)));
        requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("embedded-server-request-", 0).factory());
        SilentCallers silent = new SilentCallers(options.patience());
        http.setExecutor(work -> requests.execute(() -> silent.watch(work)));
        housekeeping = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .name("embedded-server-housekeeping")
                .daemon(true)
                .factory());
        // Everything above goes on while the database is being opened.
        tokens.load();
        queues.createDefault();
        startHousekeeping(stores, workers, silent, options);
        http.start();
    }

    private void startHousekeeping(Stores stores, Workers workers, SilentCallers silent, Options options) {
        EventHousekeeping events = new EventHousekeeping(stores, options.retention(), () -> !closing);
        MemoryRelease memory = new MemoryRelease(activity);
        every(Watchdog.PERIOD, () -> keepHouse(workers));
        every(HistoryHousekeeping.PERIOD, new HistoryHousekeeping(stores)::look);
        every(EventHousekeeping.PERIOD, events::removeAbandoned);
        if (!options.retention().equals(Retention.EVERYTHING)) {
            every(EventHousekeeping.RETENTION_PERIOD, events::removeSurplus);
        }
        every(EventHousekeeping.SPACE_PERIOD, events::releaseSpace);
        every(MemoryRelease.PERIOD, memory::look);
        every(
                SilentCallers.PERIOD.compareTo(options.patience()) < 0 ? SilentCallers.PERIOD : options.patience(),
                silent::look);
    }

    /**
     * Start a server.
     *
     * @param folder the data folder; no other process may use it
     * @param database the database in that folder, which may still be opening; closed with the server
     * @param clock what is written into answers
     * @param steady by what things run out
     * @throws java.net.BindException when the port is taken; the database stays open
     * @throws ml.clear.agent.embedded.store.StoreException when the database cannot be opened
     */
    public static EmbeddedServer start(
            DataFolder folder, Database database, Options options, InstantSource clock, InstantSource steady)
            throws IOException {
        HttpServer http = listen(options);
        try {
            return new EmbeddedServer(folder, database, http, options, clock, steady);
        } catch (IOException | RuntimeException e) {
            http.stop(0);
            throw e;
        }
    }

    private static HttpServer listen(Options options) throws IOException {
        if (options.tls() == null) {
            return HttpServer.create(options.address(), BACKLOG);
        }
        HttpsServer https = HttpsServer.create(options.address(), BACKLOG);
        https.setHttpsConfigurator(new HttpsConfigurator(options.tls()));
        return https;
    }

    /** What answers, by address. */
    private record Parts(HttpHandler api, HttpHandler files, HttpHandler login, HttpHandler page) {

        HttpHandler of(String method, String path) {
            if (path.equals(FilesHandler.PREFIX) || path.startsWith(FilesHandler.PREFIX + "/")) {
                return files;
            }
            if (path.equals(PageLogin.PATH)) {
                return login;
            }
            return PageHandler.serves(method, path) ? page : api;
        }
    }

    private void dispatch(HttpExchange exchange, Parts parts) throws IOException {
        activity.begin();
        SilentCallers.begin(exchange);
        SharedConnections.end(exchange);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            parts.of(exchange.getRequestMethod(), path).handle(exchange);
        } finally {
            activity.end();
        }
    }

    private void every(Duration period, Runnable chore) {
        chores.add(housekeeping.scheduleWithFixedDelay(
                () -> {
                    try {
                        chore.run();
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.WARNING, "housekeeping failed", e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private void keepHouse(Workers workers) {
        int stopped = watchdog.look();
        if (stopped > 0) {
            LOG.log(System.Logger.Level.INFO, "stopped {0} tasks that were silent for two hours", stopped);
        }
        workers.sweep();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** The names of all calls that it answers. */
    public Set<String> endpointNames() {
        return routes.names();
    }

    /** How many requests are being answered. */
    int openRequests() {
        return activity.open();
    }

    /** The time since the last request; zero while a task runs that has reported recently. */
    public Duration idle() {
        return watchdog.anyRunning(RUNNING_LATELY) ? Duration.ZERO : activity.idle();
    }

    /** Take no new requests, finish those that are open, write everything. */
    @Override
    public void close() {
        closing = true;
        http.stop(SECONDS_TO_END);
        requests.close();
        chores.forEach(chore -> chore.cancel(false));
        housekeeping.close();
        database.close();
    }
}
