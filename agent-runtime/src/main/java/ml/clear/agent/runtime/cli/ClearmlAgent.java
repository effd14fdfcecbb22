// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.plugins.PluginExit;
import ml.clear.agent.runtime.plugins.PrintedLines;
import ml.clear.agent.runtime.redact.MaskedOutput;
import ml.clear.agent.runtime.redact.Redactor;

/** Where the command {@code clearml-agent} starts. The only place that exits. */
public final class ClearmlAgent {

    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private ClearmlAgent() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] args) throws InterruptedException {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        // Asked for by scripts and by people in a hurry: answered before anything else is loaded.
        if (args.length == 1 && args[0].equals("--version")) {
            out.println(AgentCli.versionLine(AgentProcess.agentVersion()));
            out.flush();
            return;
        }
        PrintedLines.replaceStandardOutput();
        Redactor redactor = new Redactor();
        System.setErr(MaskedOutput.over(System.err, redactor)); // logs, stack traces and plugins print there as well
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        if (args.length == 3 && args[0].equals(AotTraining.NAME)) {
            AotTraining.run(args[1], Path.of(args[2]), err);
            System.exit(ExitCode.OK); // the cache is written now, even if threads still run
        }
        int status = new AgentCli(AgentProcess.ofThisProcess(), redactor, out, err).run(List.of(args));
        out.flush();
        err.flush();
        System.out.close();
        exit(status);
    }

    /** Threads of plugins do not keep the process, and neither do their shutdown hooks for longer than a while. */
    private static void exit(int status) {
        Thread.ofPlatform().daemon().name("end-of-process").start(() -> {
            try {
                Thread.sleep(LONGEST_END);
                Runtime.getRuntime().halt(status);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        PluginExit.expected();
        System.exit(status);
    }
}
