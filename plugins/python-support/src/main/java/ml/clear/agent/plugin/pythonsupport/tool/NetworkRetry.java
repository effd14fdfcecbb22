// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;

/**
 * Repeats the run of an installer that a fault of the network ended, in addition to what the installer itself repeats. What it has
 * downloaded and installed by then is not downloaded again.
 *
 * <p>Faults are broken connections, answers that did not come in time, and servers that are unavailable for the moment. An index that
 * refuses access or connections, a name that does not exist and a certificate that is not trusted are none: they do not pass in
 * seconds.
 */
public final class NetworkRetry {

    private static final Pattern FAULT = Pattern.compile(
            "(?i)connection (?:was )?(?:reset|aborted|closed|broken)[^\n]{0,60}"
                    + "|Remote end closed connection[^\n]{0,40}|RemoteDisconnected|IncompleteRead|ChunkedEncodingError"
                    + "|end of file before message length reached|unexpected EOF|error decoding response body"
                    + "|(?:read|operation|request) timed out|ReadTimeoutError|ConnectTimeoutError"
                    + "|Temporary failure in name resolution"
                    + "|\\b(?:500|502|503|504) (?:Server Error|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)"
                    + "|too many (?:500|502|503|504) error responses|HTTP (?:error|status)[^\n]{0,30}\\b(?:500|502|503|504)\\b");

    private final List<Duration> pauses;

    private NetworkRetry(List<Duration> pauses) {
        this.pauses = List.copyOf(pauses);
    }

    /** Two more runs, after 2 and 10 seconds. */
    public static NetworkRetry usual() {
        return after(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    /** As many more runs as there are pauses. */
    static NetworkRetry after(Duration... pauses) {
        return new NetworkRetry(List.of(pauses));
    }

    /** One run of a program. */
    @FunctionalInterface
    public interface Run {

        /** Run it to its end. */
        CommandResult run() throws InterruptedException;
    }

    /** The result of the first run that no fault of the network ended, or of the last one. */
    public CommandResult run(String program, Run run, Console console) throws InterruptedException {
        CommandResult result = run.run();
        for (Duration pause : pauses) {
            Matcher fault = FAULT.matcher(result.output() + "\n" + result.errors());
            if (result.succeeded() || !fault.find()) {
                return result;
            }
            console.line("A fault of the network ended " + program + " ("
                    + fault.group().strip() + "); trying again in " + pause.toSeconds() + " s");
            Thread.sleep(pause);
            result = run.run();
        }
        return result;
    }
}
