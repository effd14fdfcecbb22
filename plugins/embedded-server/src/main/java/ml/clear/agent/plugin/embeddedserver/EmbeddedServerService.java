// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.api.spi.PluginContext;

/** The embedded server in a process of its own. All state that callers share is in the data folder. */
final class EmbeddedServerService implements BackgroundService {

    private static final Duration LONGEST_START = Duration.ofSeconds(30);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
    private static final long LOOK_EVERY_MILLIS = 20;

    private final PluginContext context;
    private final Path data;

    EmbeddedServerService(PluginContext context) {
        this(context, ServerSettings.of(context).data());
    }

    EmbeddedServerService(PluginContext context, Path data) {
        this.context = context;
        this.data = data;
    }

    @Override
    public Set<Offer> offers() {
        return Set.of(Offer.CLEARML_SERVER);
    }

    @Override
    public Optional<ServiceEndpoint> running() {
        return running(_ -> false);
    }

    private Optional<ServiceEndpoint> running(Predicate<ProcessIdentity> fresh) {
        return alive().filter(record -> ServerProbe.answers(record.api()))
                .flatMap(record -> endpoint(record, fresh.test(record.process())));
    }

    Optional<ServerRecord> alive() {
        try {
            return ServerRecord.read(data).filter(record -> record.process().isAlive());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Optional<ServiceEndpoint> endpoint(ServerRecord record, boolean fresh) {
        try {
            URI api = record.api();
            return Credentials.read(data)
                    .map(credentials -> new ServiceEndpoint(
                            api,
                            api,
                            ServerAddress.files(api),
                            credentials.accessKey(),
                            credentials.secretKey(),
                            fresh,
                            stopCommand()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private String stopCommand() {
        Path standard = context.stateFolder().resolve("data");
        return data.equals(standard) ? "clearml-agent server stop" : "clearml-agent server stop --data " + data;
    }

    @Override
    public ServiceEndpoint ensureRunning() throws InterruptedException {
        return ensureRunning(new DetachedProcess.Options(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    ServiceEndpoint ensureRunning(DetachedProcess.Options options) throws InterruptedException {
        Optional<ServiceEndpoint> present = running();
        if (present.isPresent()) {
            return present.get();
        }
        DetachedProcess child = DetachedProcess.start(context, data, options);
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (System.nanoTime() < deadline) {
            // A child that lost the race for the data folder ends; then the server of the other process answers.
            Optional<ServiceEndpoint> found = running(child::runs);
            if (found.isPresent()) {
                return found.get();
            }
            if (child.failed()) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        throw new AgentException(
                ErrorCode.LAUNCH_FAILED,
                "the embedded server did not start" + child.lastWords() + "; its log is '" + child.log() + "'");
    }

    @Override
    public boolean stop() throws InterruptedException {
        Optional<ServerRecord> record = alive();
        if (record.isEmpty()) {
            return false;
        }
        ProcessIdentity process = record.get().process();
        process.terminate();
        long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw new AgentException(
                        ErrorCode.LOCKED,
                        "the embedded server, process '" + process.pid() + "', does not end; kill it by hand");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    private AgentException unreadable(IOException e) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM, "cannot read the data folder '" + data + "': " + e.getMessage(), e);
    }
}
