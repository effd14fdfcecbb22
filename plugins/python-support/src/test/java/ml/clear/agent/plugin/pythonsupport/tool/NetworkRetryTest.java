// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.testkit.RecordedConsole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRetryTest {

    private static final CommandResult DONE = new CommandResult(0, "", "");

    private final RecordedConsole console = new RecordedConsole();
    private final NetworkRetry retry = NetworkRetry.after(Duration.ZERO, Duration.ZERO);

    private CommandResult run(CommandResult... results) throws InterruptedException {
        Queue<CommandResult> left = new ArrayDeque<>(List.of(results));
        CommandResult result = retry.run("pip", left::remove, console);
        assertThat(left).as("no run more than needed, and none less").isEmpty();
        return result;
    }

    private static CommandResult failed(String errors) {
        return new CommandResult(1, "", errors);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ConnectionResetError(104, 'Connection reset by peer')",
                "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
                "ProtocolError('Connection broken: IncompleteRead(10 bytes read, 20 more expected)')",
                "HTTPSConnectionPool(host='packages.invalid', port=443): Read timed out.",
                "ERROR: HTTP error 503 while getting http://packages.invalid/simple/alpha/",
                "503 Server Error: Service Unavailable for url: http://packages.invalid/simple/alpha/",
                "HTTP status server error (503 Service Unavailable) for url (http://packages.invalid/simple/alpha/)",
                "too many 502 error responses",
                "error decoding response body",
                "Temporary failure in name resolution"
            })
    void aRunThatAFaultOfTheNetworkEndedIsRepeated(String fault) throws Exception {
        assertThat(run(failed(fault), DONE)).isEqualTo(DONE);
        assertThat(console.text()).contains("A fault of the network ended pip (", "trying again in 0 s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR: No matching distribution found for alpha==503",
                "Connection refused",
                "Name or service not known",
                "401 Client Error: Unauthorized for url: http://packages.invalid/simple/alpha/",
                "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))",
                "Failed building wheel for alpha"
            })
    void otherFailuresAreNot(String failure) throws Exception {
        CommandResult result = failed(failure);

        assertThat(run(result)).isEqualTo(result);
        assertThat(console.lines()).isEmpty();
    }

    @Test
    void theLastFaultIsTheResult() throws Exception {
        CommandResult last = failed("503 Server Error: the third");

        assertThat(run(failed("503 Server Error"), failed("Read timed out"), last))
                .isEqualTo(last);
    }
}
