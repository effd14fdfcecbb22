package com.acme.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.testkit.SubcommandContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestInvocation;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest extends SubcommandContract {

    @TempDir
    private Path folder;

    @Override
    protected AgentPlugin plugin() {
        return new InventoryPlugin();
    }

    @Override
    protected Map<String, TestInvocation> examples() {
        return Map.of("inventory", TestInvocation.in(context()));
    }

    private TestContext context() {
        return TestContext.in(folder).with(TestSettings.defaults().with(Inventory.LABELS, Map.of("rack", "7")));
    }

    @Test
    void onlyWhatIsAskedForIsPrinted() throws Exception {
        TestInvocation call =
                TestInvocation.in(context()).with("--separator", "=").with("--only", List.of("label.rack"));

        assertThat(call.run(Inventory.COMMAND)).isZero();
        assertThat(call.printed()).isEqualTo("label.rack=7\n");
    }

    @Test
    void aFactThatDoesNotExistIsAnError() throws Exception {
        TestInvocation call = TestInvocation.in(context()).with("--only", List.of("colour"));

        assertThat(call.run(Inventory.COMMAND)).isEqualTo(1);
        assertThat(call.printed()).isEmpty();
        assertThat(call.messages()).contains("no fact is called 'colour'");
    }
}
