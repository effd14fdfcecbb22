// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** A file that cannot be read; unchecked since it passes through the HOCON library's callbacks. */
final class SyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    SyntaxException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
