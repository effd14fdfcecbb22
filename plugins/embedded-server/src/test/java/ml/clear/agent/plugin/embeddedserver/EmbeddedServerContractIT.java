// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.testkit.BackgroundServiceContract;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerContractIT extends BackgroundServiceContract {

    @TempDir
    private Path folder;

    @Override
    protected BackgroundService service() {
        return new EmbeddedServerService(TestContext.in(folder));
    }

    @Override
    protected void crash() throws Exception {
        long pid = new EmbeddedServerService(TestContext.in(folder))
                .alive()
                .orElseThrow()
                .process()
                .pid();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(1, TimeUnit.MINUTES);
    }
}
