// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import ml.clear.agent.api.file.OwnerOnly;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Makes the driver load its native library from a folder of ours. By default it unpacks the library into the temporary
 * folder at every start: this is slow, fails if that folder is mounted {@code noexec}, and leaves a file behind after
 * a kill.
 */
public final class SqliteLibrary {

    private static final String FILE = "libsqlitejdbc.so";

    private SqliteLibrary() {}

    /** The driver's name for this machine's processor. */
    public static String architecture() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> machine;
        };
    }

    /**
     * Choose the library, before the first {@link Database} is opened.
     *
     * @param installed the folder of the installed plugin that holds {@code <architecture>/libsqlitejdbc.so}
     * @param fallback a folder of ours, into which the library is unpacked once when the first has none
     */
    public static void prepare(Path installed, Path fallback) {
        Path folder = installed.resolve(architecture());
        if (!Files.isReadable(folder.resolve(FILE))) {
            folder = fallback.resolve(SQLiteJDBCLoader.getVersion()).resolve(architecture());
            if (!Files.isReadable(folder.resolve(FILE))) {
                unpack(folder);
            }
        }
        System.setProperty("org.sqlite.lib.path", folder.toString());
        System.setProperty("org.sqlite.lib.name", FILE);
    }

    private static void unpack(Path folder) {
        String resource = "/org/sqlite/native/Linux/" + architecture() + "/" + FILE;
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new StoreException(
                        "the SQLite driver has no library for Linux on '" + architecture()
                                + "', only x86_64 and aarch64" + " are supported",
                        null);
            }
            OwnerOnly.createFolders(folder);
            Path part = Files.createTempFile(folder, FILE, ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StoreException("cannot unpack the SQLite library into '" + folder + "'", e);
        }
    }
}
