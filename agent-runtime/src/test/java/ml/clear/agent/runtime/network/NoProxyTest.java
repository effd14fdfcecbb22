// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts {@code NO_PROXY} covers. */
class NoProxyTest {

    @ParameterizedTest(name = "''{0}'' and {1}:{2} → {3}")
    @CsvSource({
        // hosts and domains
        "'example.com', example.com, 443, true",
        "'example.com', EXAMPLE.com., 443, true",
        "'example.com', api.example.com, 443, true",
        "'example.com', a.b.example.com, 443, true",
        "'example.com', myexample.com, 443, false",
        "'example.com', example.com.evil.org, 443, false",
        "'.example.com', api.example.com, 443, true",
        "'.example.com', example.com, 443, true",
        "'*.example.com', api.example.com, 443, true",
        "'*.example.com', example.org, 443, false",
        "'other, example.com', example.com, 443, true",
        "'other example.com', example.com, 443, true",
        "' , ,', example.com, 443, false",
        "'', example.com, 443, false",
        "'.', example.com, 443, false",
        // everything
        "'*', example.com, 443, true",
        "'*', 10.1.2.3, 443, true",
        "'a,*', example.com, 443, true",
        // ports
        "'example.com:8008', example.com, 8008, true",
        "'example.com:8008', api.example.com, 8008, true",
        "'example.com:8008', example.com, 443, false",
        "'10.1.2.3:8008', 10.1.2.3, 8008, true",
        "'10.1.2.3:8008', 10.1.2.3, 80, false",
        "'[fd00::1]:8008', fd00::1, 8008, true",
        "'[fd00::1]:8008', fd00::1, 80, false",
        // addresses and blocks
        "'10.1.2.3', 10.1.2.3, 80, true",
        "'10.1.2.3', 10.1.2.30, 80, false",
        "'10.0.0.0/8', 10.200.3.4, 80, true",
        "'10.0.0.0/8', 11.0.0.1, 80, false",
        "'192.168.4.0/23', 192.168.5.9, 80, true",
        "'192.168.4.0/23', 192.168.6.9, 80, false",
        "'10.1.2.3/32', 10.1.2.3, 80, true",
        "'0.0.0.0/0', 8.8.8.8, 80, true",
        "'0.0.0.0/0', fd00::1, 80, false",
        "'fd00::/8', fdab::1, 80, true",
        "'fd00::/8', [fdab::1], 80, true",
        "'fd00::/8', fe80::1, 80, false",
        "'fd00::1', [fd00:0:0:0:0:0:0:1], 80, true",
        "'10.0.0.0/8', ten.example.com, 80, false",
        "'10.0.0.0/99', 10.0.0.1, 80, false",
        "'10.0.0.0/', 10.0.0.1, 80, false",
        "'nonsense/8', 10.0.0.1, 80, false",
        "'3', 10.1.2.3, 80, false",
        // this machine, always
        "'', localhost, 80, true",
        "'', clearml.localhost, 80, true",
        "'', 127.0.0.1, 80, true",
        "'', 127.9.9.9, 80, true",
        "'', [::1], 80, true",
        "'', notlocalhost, 80, false"
    })
    void entriesCover(String value, String host, int port, boolean expected) {
        assertThat(NoProxy.parse(value).covers(host, port)).isEqualTo(expected);
    }
}
