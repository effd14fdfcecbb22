// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;

/** The command {@code server}: its subcommands, with the implementation of the short ones. */
final class ServerCommands {

    static final Option DATA = Option.value("--data", "folder", "Folder in which the server keeps everything");

    private ServerCommands() {}

    static Subcommand group() {
        return Subcommand.group(
                "server",
                "Run a ClearML-compatible server on this machine",
                List.of(
                        Subcommand.of(
                                "start",
                                "Start the server, in the foreground without --detach",
                                StartCommand.OPTIONS,
                                StartCommand::run),
                        Subcommand.of(
                                "stop",
                                "Stop the server that uses the data folder",
                                List.of(DATA),
                                ServerCommands::stop),
                        Subcommand.of(
                                "status",
                                "Say whether a server runs, and where",
                                List.of(DATA),
                                ServerCommands::status),
                        Subcommand.of(
                                "backup",
                                "Copy everything that the server keeps into a new folder, also while it runs",
                                List.of(DATA, Option.argument("folder", "Folder to make, which must not exist")),
                                BackupCommand::run),
                        CredentialsCommands.group()));
    }

    static Path data(Invocation invocation) {
        return invocation
                .value(DATA.name())
                .map(Path::of)
                .orElseGet(() -> ServerSettings.of(invocation.context()).data())
                .toAbsolutePath()
                .normalize();
    }

    private static EmbeddedServerService service(Invocation invocation) {
        return new EmbeddedServerService(invocation.context(), data(invocation));
    }

    private static int stop(Invocation invocation) throws InterruptedException {
        boolean stopped = service(invocation).stop();
        invocation.out().println(stopped ? "the server has ended" : "no server runs on '" + data(invocation) + "'");
        return 0;
    }

    private static int status(Invocation invocation) {
        EmbeddedServerService service = service(invocation);
        var running = service.running();
        if (running.isEmpty()) {
            invocation.out().println("no server runs on '" + data(invocation) + "'");
            return 1;
        }
        ServiceEndpoint endpoint = running.get();
        invocation.out().println("api_server:   " + endpoint.api());
        invocation.out().println("files_server: " + endpoint.files());
        service.alive()
                .ifPresent(record -> invocation
                        .out()
                        .println("process:      " + record.process().pid()));
        invocation.out().println("data folder:  " + data(invocation));
        invocation.out().println("access key:   " + endpoint.accessKey());
        PageLink.print(invocation, endpoint.api(), data(invocation));
        return 0;
    }
}
