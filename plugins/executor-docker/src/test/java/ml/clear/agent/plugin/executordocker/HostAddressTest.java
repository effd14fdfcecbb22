// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HostAddressTest {

    @Test
    void isTheOneThatTheAgentIsGiven() {
        assertThat(HostAddress.of(Map.of("CLEARML_AGENT_FORCE_HOST_MACHINE_IP", "192.0.2.7"), "http://127.0.0.1:8008"))
                .isEqualTo("192.0.2.7");
    }

    @Test
    void isOtherwiseTheOneByWhichTheServerIsReached() {
        assertThat(HostAddress.of(Map.of(), "http://127.0.0.1:8008")).isEqualTo("127.0.0.1");
        assertThat(HostAddress.of(Map.of(), "http://no-such-host.invalid")).isEqualTo("127.0.0.1");
    }
}
