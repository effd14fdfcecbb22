package com.acme.nice;

import java.nio.file.Path;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.plugin.executorvenv.ExecutorVenvPlugin;
import ml.clear.agent.testkit.ExecutorContract;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.io.TempDir;

class NicePluginTest extends ExecutorContract {

    @TempDir
    private Path folder;

    @Override
    protected Executor executor() {
        return NicePlugin.nice(TestContext.in(folder).with(new ExecutorVenvPlugin()));
    }
}
