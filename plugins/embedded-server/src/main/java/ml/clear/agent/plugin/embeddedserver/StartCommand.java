// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import org.jspecify.annotations.Nullable;

/** {@code server start}: in the foreground, detached, or as the background process that another one started. */
final class StartCommand {

    static final String BACKGROUND = "--background";

    static final List<Option> OPTIONS = List.of(
            Option.value("--host", "address", "Address to listen on, by default agent.embedded_server.host"),
            Option.value(
                    "--port",
                    "number",
                    "Port to listen on; by default that of the data folder or, when this is new, the first free one from agent.embedded_server.port"),
            ServerCommands.DATA,
            Option.value("--idle-minutes", "number", "End after so many minutes without use, 0 for never"),
            Option.flag("--detach", "Start it in the background and return when it answers"),
            Option.flag(BACKGROUND, "For the agent's own use: run as the detached process"));

    private static final Duration LONGEST_NAP = Duration.ofSeconds(10);

    private StartCommand() {}

    static int run(Invocation invocation) throws InterruptedException {
        return invocation.has("--detach") ? detach(invocation) : serve(invocation);
    }

    private static int detach(Invocation invocation) throws InterruptedException {
        Path data = ServerCommands.data(invocation);
        boolean first = !Credentials.exist(data);
        ServiceEndpoint endpoint = new EmbeddedServerService(invocation.context(), data)
                .ensureRunning(new DetachedProcess.Options(
                        invocation.value("--host"),
                        invocation.value("--port"),
                        Optional.of(invocation.value("--idle-minutes").orElse("0"))));
        invocation
                .out()
                .println((endpoint.fresh() ? "the server runs at " : "a server runs already at ") + endpoint.api()
                        + "; stop it with: " + endpoint.stopCommand());
        PageLink.print(invocation, endpoint.api(), data);
        if (first) {
            introduce(
                    invocation.out(),
                    endpoint.api(),
                    new Credentials(endpoint.accessKey(), endpoint.secretKey()),
                    ServerCertificate.made(data)
                            .filter(file -> endpoint.api().getScheme().equals("https")));
        }
        return 0;
    }

    private static int serve(Invocation invocation) throws InterruptedException {
        ServerSettings settings = ServerSettings.of(invocation.context());
        Path data = ServerCommands.data(invocation);
        boolean background = invocation.has(BACKGROUND);
        Optional<RunningServer> started = RunningServer.start(
                new RunningServer.Request(
                        data,
                        invocation.value("--host").orElse(settings.host()),
                        number(invocation, "--port"),
                        settings,
                        invocation.context().pluginFolder().resolve("native"),
                        invocation.context().stateFolder()),
                invocation.context().clock());
        if (started.isEmpty()) {
            invocation.err().println("another server uses '" + data + "'; see: clearml-agent server status");
            return DetachedProcess.DATA_FOLDER_TAKEN;
        }
        Duration idle = number(invocation, "--idle-minutes")
                .map(Duration::ofMinutes)
                .orElse(background ? settings.idle() : Duration.ZERO);
        try (RunningServer server = started.get()) {
            Thread hook = new Thread(server::close, "embedded-server-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            greet(invocation, server, background, settings.anonymous());
            waitUntilIdle(server, idle);
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        invocation.err().println("the server stops: no requests for " + idle.toMinutes() + " minutes");
        return 0;
    }

    private static void greet(Invocation invocation, RunningServer server, boolean background, boolean anonymous) {
        PrintWriter out = invocation.out();
        out.println("the server answers at " + server.api());
        if (!background) {
            PageLink.print(invocation, server.api(), ServerCommands.data(invocation));
        }
        server.formerApi()
                .ifPresent(former -> out.println("the addresses of stored files named " + former
                        + " and name the new address now; change clearml.conf accordingly"));
        if (anonymous) {
            out.println("it serves callers without credentials, as " + ServerSettings.ANONYMOUS.key() + " asks");
        }
        if (server.readableByOthers()) {
            out.println(
                    "warning: other machines reach this server without encryption, keys and results can be read on the way;"
                            + " set " + ServerSettings.TLS.key() + " to true");
        }
        // A detached server's output is a log file, which is no place for a secret.
        if (server.firstStart() && !background) {
            introduce(out, server.api(), server.credentials(), server.certificate());
        }
        out.flush();
    }

    private static void introduce(PrintWriter out, URI api, Credentials credentials, Optional<Path> certificate) {
        out.println();
        out.println("Put this into clearml.conf to use it; the secret is not shown again:");
        out.println();
        out.println(ServerAddress.configuration(api, credentials, certificate));
    }

    private static void waitUntilIdle(RunningServer server, Duration idle) throws InterruptedException {
        Duration nap = idle.isZero() || idle.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : idle.dividedBy(4);
        while (idle.isZero() || server.idle().compareTo(idle) < 0) {
            TimeUnit.MILLISECONDS.sleep(nap.toMillis());
        }
    }

    private static Optional<Integer> number(Invocation invocation, String option) {
        return invocation.value(option).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= 0 && number <= 65535) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw invalid(option, text, e);
            }
            throw invalid(option, text, null);
        });
    }

    private static AgentException invalid(String option, String text, @Nullable Throwable cause) {
        return new AgentException(
                ErrorCode.COMMAND_LINE_INVALID,
                "option " + option + " is '" + text + "'; a number from 0 to 65535 is allowed",
                cause);
    }
}
