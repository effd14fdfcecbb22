// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.testkit.InstalledProgram;

/** The real py-rattler from the package index, installed once for all tests of a user. */
final class SharedRattler {

    private SharedRattler() {}

    /** Its interpreter. */
    static Path python(Console console) throws InterruptedException {
        String version = RattlerClient.VERSION;
        try {
            return InstalledProgram.ofPython("py-rattler-" + version, "python", "py-rattler==" + version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
