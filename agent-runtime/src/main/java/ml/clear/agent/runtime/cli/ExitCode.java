// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import ml.clear.agent.api.error.AgentException;

/** The exit codes of the command line; {@code docs/exit-codes.md} explains them to users. */
final class ExitCode {

    /** Everything went well. */
    static final int OK = 0;

    /** An error that was reported. */
    static final int ERROR = 1;

    /** The command line could not be understood. */
    static final int USAGE = 2;

    /** {@code config validate}: the configuration cannot be used. As in sysexits.h. */
    static final int CONFIGURATION = 78;

    /** A program did not end in the time that it was allowed. As of timeout(1). */
    static final int TIMED_OUT = 124;

    /** Ctrl-C or SIGTERM: 128 and the number of SIGINT, as shells expect. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    /** The code for an error that ends a command. */
    static int of(AgentException error) {
        return switch (error.code()) {
            case COMMAND_LINE_INVALID -> USAGE;
            case TIMED_OUT -> TIMED_OUT;
            default -> ERROR;
        };
    }
}
