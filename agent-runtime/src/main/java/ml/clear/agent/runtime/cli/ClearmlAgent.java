// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintStream;

/** Where the command {@code clearml-agent} starts. The only place that exits. */
public final class ClearmlAgent {

    private final PrintStream out;
    private final PrintStream err;

    ClearmlAgent(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        int status = new ClearmlAgent(System.out, System.err).run(args);
        if (status != ExitCode.OK) {
            System.exit(status);
        }
    }

    int run(String... args) {
        // Asked for by scripts and by people in a hurry: answered before anything else is loaded.
        if (args.length == 1 && args[0].equals("--version")) {
            out.println("CLEARML-AGENT version " + version());
            return ExitCode.OK;
        }
        err.println("clearml-agent: unknown command '" + String.join(" ", args) + "'; the only one is --version");
        return ExitCode.USAGE;
    }

    /** The version that the compiler wrote into our module's descriptor: no resource to find and to parse. */
    private static String version() {
        var descriptor = ClearmlAgent.class.getModule().getDescriptor();
        return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    }
}
