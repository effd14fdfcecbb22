// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.SqliteLibrary;
import ml.clear.agent.embedded.store.StoreException;

/**
 * {@code server backup}: a folder that a server can be started on. The database is copied first, as of one moment; files
 * are whole when they appear, so every file that the database names is copied unless it was deleted since.
 */
final class BackupCommand {

    private BackupCommand() {}

    static int run(Invocation invocation) {
        Path data = ServerCommands.data(invocation);
        Path target =
                Path.of(invocation.value("folder").orElse("")).toAbsolutePath().normalize();
        SqliteLibrary.prepare(
                invocation.context().pluginFolder().resolve("native"),
                invocation.context().stateFolder().resolve("native"));
        try {
            DataFolder source = DataFolder.open(data);
            OwnerOnly.createFolder(target);
            try (Database database = Database.open(source.database())) {
                database.copyTo(new DataFolder(target).database());
            }
            for (String name : List.of("token.key", "credentials.json", KeptAddress.FILE)) {
                if (Files.exists(data.resolve(name))) {
                    OwnerOnly.replace(target.resolve(name), Files.readAllBytes(data.resolve(name)));
                }
            }
            copyTree(data.resolve("files"), target.resolve("files"));
        } catch (IOException | StoreException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot back up '" + data + "' to '" + target + "': " + e.getMessage(), e);
        }
        invocation.out().println("copied '" + data + "' to '" + target + "'");
        return 0;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // deleted by a client meanwhile
                }
                throw failure;
            }
        });
    }
}
