// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import ml.clear.agent.api.config.Setting;
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
        return of(Problem.Severity.ERROR);
    }

    /** What its author should correct. */
    public List<Problem> warnings() {
        return of(Problem.Severity.WARNING);
    }

    /** Keys and variables that are set and change nothing. */
    public List<Problem> notices() {
        return of(Problem.Severity.NOTICE);
    }

    /**
     * The same with one problem more.
     *
     * @param setting the setting that is to blame; file and line of its value are added
     */
    public CheckedConfiguration with(Problem.Severity severity, Setting<?> setting, String text) {
        List<Problem> more = new ArrayList<>(problems);
        more.add(Problem.value(severity, configuration.origin(setting), setting.key(), setting.key() + ": " + text));
        return new CheckedConfiguration(configuration, more);
    }

    private List<Problem> of(Problem.Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .toList();
    }

    /**
     * The configuration, when it can be used.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} with all errors, one a line
     */
    public Configuration orThrow() {
        return orThrow(_ -> true);
    }

    /**
     * The configuration, when a caller that needs a part of it can use it.
     *
     * @param matters whether an error keeps the caller from working
     * @throws AgentException {@code CONFIGURATION_INVALID} with all errors that matter, one a line
     */
    public Configuration orThrow(Predicate<Problem> matters) {
        List<Problem> errors = errors().stream().filter(matters).toList();
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
