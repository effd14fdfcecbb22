// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * A configuration with everything that is wrong in it; values that do not fit have their defaults.
 *
 * @param problems errors and warnings, in the order of files and lines
 */
public record CheckedConfiguration(Configuration configuration, List<Problem> problems) {

    /** Copies the list. */
    public CheckedConfiguration {
        problems = List.copyOf(problems);
    }

    /** What keeps the configuration from being used. */
    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }

    /** What its author should look at. */
    public List<Problem> warnings() {
        return problems.stream().filter(problem -> !problem.isError()).toList();
    }

    /**
     * The configuration, when it can be used.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} with all errors, one a line
     */
    public Configuration orThrow() {
        List<Problem> errors = errors();
        if (errors.isEmpty()) {
            return configuration;
        }
        StringBuilder message = new StringBuilder("the configuration has ")
                .append(errors.size() == 1 ? "an error" : errors.size() + " errors")
                .append(':');
        errors.forEach(error -> message.append("\n  ").append(error));
        throw new AgentException(ErrorCode.CONFIGURATION_INVALID, message.toString());
    }
}
