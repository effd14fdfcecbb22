// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.nio.file.Path;

/** Opens databases for tests; the native library is unpacked once below the build folder. */
final class TestDatabase {

    private TestDatabase() {}

    static Database open(Path folder) {
        SqliteLibrary.prepare(Path.of("none"), Path.of("target", "native").toAbsolutePath());
        return Database.open(folder.resolve("test.db"));
    }
}
