// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;

class HostPortsTest {

    private static final Set<Integer> USED = Set.of(8080, 10_000, 10_001, 10_003);

    @Test
    void aFreePortStays() {
        HostPorts ports = ports();

        assertThat(moved(ports, "-p 80:80 -p 127.0.0.1:81:90")).containsExactly("80:80/tcp", "127.0.0.1:81:90/tcp");
        assertThat(ports.published()).isEqualTo("80:80,81:90");
    }

    @Test
    void aPortInUseIsMovedToAFreeOneAndARangeStaysTogether() {
        assertThat(moved(ports(), "-p 8080:80")).containsExactly("10002:80/tcp");
        assertThat(moved(ports(), "-p 8080-8081:80-81")).containsExactly("10004:80/tcp", "10005:81/tcp");
    }

    @Test
    void aPortOutsideOfTheAllowedRangeIsMoved() {
        HostPorts ports = ports(500L, 501L);

        assertThat(moved(ports, "-p 80:80 -p 81:81")).containsExactly("500:80/tcp", "501:81/tcp");
        assertThatThrownBy(() -> moved(ports, "-p 82:82"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("no 1 free ports lie between '500' and '501'");
    }

    @Test
    void otherProtocolsAnyPortAndTheNetworkOfTheMachineAreLeftAlone() {
        HostPorts ports = ports(500L, 501L);

        assertThat(moved(ports, "-p 8080:80/udp -p 80 -p 127.0.0.1::90"))
                .containsExactly("8080:80/udp", "80/tcp", "127.0.0.1::90/tcp");
        assertThat(moved(ports, "--network host -p 8080:80")).containsExactly("8080:80");
        assertThat(ports.published()).isEmpty();
    }

    @Test
    void aRangeThatIsNoneIsNamed() {
        assertThatThrownBy(() -> ports(9L, 5L))
                .hasMessageContaining("agent.docker_args_allowed_port_range is '[9, 5]'");
    }

    private static HostPorts ports(Long... allowed) {
        return new HostPorts(List.of(allowed), port -> !USED.contains(port));
    }

    private static List<String> moved(HostPorts ports, String line) {
        return ports.moved(RunArguments.parse(ShellWords.split(line), "the test"))
                .values("publish")
                .toList();
    }
}
