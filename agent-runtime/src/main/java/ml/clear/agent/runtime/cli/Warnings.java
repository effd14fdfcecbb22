// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.util.List;
import ml.clear.agent.runtime.config.Problem;

/** Prints what is wrong in a configuration and does not keep a command from working. */
final class Warnings {

    private Warnings() {}

    static void print(List<Problem> problems, PrintWriter err) {
        problems.forEach(problem -> err.println("clearml-agent: warning: " + problem));
        err.flush();
    }
}
