// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.testkit.CondaChannel;
import ml.clear.agent.testkit.PackageManagerContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by the real py-rattler on a local channel. */
@Tag("thorough")
class CondaPackageManagerIT extends PackageManagerContract {

    @TempDir
    private static Path shared;

    private static String channel = "";

    @BeforeAll
    static void writeChannel() throws InterruptedException {
        channel = CondaChannel.withPython()
                .withModule("alpha", "1.0")
                .withModule("alpha", "2.0")
                .withModule("beta", "1.5", "alpha <2")
                .writeTo(shared.resolve("channel"));
    }

    /** The Python of this channel is a link to that of the machine, while those of real channels are programs. */
    @Override
    protected boolean acceptsForeignCopies() {
        return false;
    }

    @Override
    protected PackageManager manager(TestContext context, Path packages) {
        TestSettings settings =
                TestSettings.defaults().with(CondaSettings.CHANNELS, channel).with(CondaSettings.RECORD_PACKAGES, true);
        return CondaContext.of(context, packages, settings).manager();
    }
}
