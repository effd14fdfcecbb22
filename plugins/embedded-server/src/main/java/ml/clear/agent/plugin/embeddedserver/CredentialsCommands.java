// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.api.KeyPairs;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.SqliteLibrary;
import ml.clear.agent.embedded.store.StoreException;

/** {@code server credentials}: works on the data folder, whether a server runs or not. */
final class CredentialsCommands {

    private static final String KEY = "access-key";

    private CredentialsCommands() {}

    static Subcommand group() {
        return Subcommand.group(
                "credentials",
                "Access keys of the server",
                List.of(
                        Subcommand.of(
                                "create",
                                "Create a key pair and print it once",
                                List.of(ServerCommands.DATA, Option.value("--label", "text", "What it is for")),
                                CredentialsCommands::create),
                        Subcommand.of(
                                "list",
                                "List the access keys",
                                List.of(ServerCommands.DATA),
                                CredentialsCommands::list),
                        Subcommand.of(
                                "revoke",
                                "Revoke a key pair and every login that was made with it",
                                List.of(ServerCommands.DATA, Option.argument(KEY, "The access key")),
                                CredentialsCommands::revoke)));
    }

    private static int create(Invocation invocation) {
        KeyPairs.KeyPair pair =
                with(invocation, keys -> keys.create(invocation.value("--label").orElse("")));
        invocation.out().println("access_key: " + pair.accessKey());
        invocation.out().println("secret_key: " + pair.secretKey());
        return 0;
    }

    private static int list(Invocation invocation) {
        with(invocation, KeyPairs::list)
                .forEach(known -> invocation
                        .out()
                        .println((known.accessKey() + "  " + known.created() + "  " + known.label()).stripTrailing()));
        return 0;
    }

    private static int revoke(Invocation invocation) {
        String key = invocation.value(KEY).orElse("");
        Path data = ServerCommands.data(invocation);
        boolean known = with(invocation, keys -> keys.revoke(key) && renewOwn(data, key, keys));
        if (!known) {
            invocation
                    .err()
                    .println("there is no access key '" + key + "'; see: clearml-agent server credentials list");
            return 1;
        }
        invocation.out().println("revoked " + key);
        own(data)
                .filter(own -> !own.equals(key))
                .ifPresent(own -> invocation.out().println("the programs of this machine use " + own));
        return 0;
    }

    /** Without a key, this machine's programs could not use their own server. */
    private static boolean renewOwn(Path data, String revoked, KeyPairs keys) {
        try {
            if (own(data).filter(revoked::equals).isPresent()) {
                Credentials.create(data, keys);
            }
            return true;
        } catch (IOException e) {
            throw unusable(data, e);
        }
    }

    private static Optional<String> own(Path data) {
        try {
            return Credentials.read(data).map(Credentials::accessKey);
        } catch (IOException e) {
            throw unusable(data, e);
        }
    }

    private static AgentException unusable(Path data, Exception e) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM, "cannot use the data folder '" + data + "': " + e.getMessage(), e);
    }

    private static <T> T with(Invocation invocation, Function<KeyPairs, T> use) {
        Path data = ServerCommands.data(invocation);
        if (!Files.isDirectory(data)) {
            throw new AgentException(
                    ErrorCode.NOT_FOUND,
                    "there is no data folder '" + data + "'; start the server once: clearml-agent server start");
        }
        SqliteLibrary.prepare(
                invocation.context().pluginFolder().resolve("native"),
                invocation.context().stateFolder().resolve("native"));
        try (Database database = Database.open(DataFolder.open(data).database())) {
            return use.apply(new KeyPairs(database, invocation.context().clock()));
        } catch (IOException | StoreException e) {
            throw unusable(data, e);
        }
    }
}
