// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** Something in the configuration that its author should mend. Never holds the text of a secret. */
public record Problem(Severity severity, Origin origin, String message) {

    /** How bad it is. */
    public enum Severity {
        /** The configuration cannot be used. */
        ERROR,
        /** It can be used, though perhaps not as meant. */
        WARNING
    }

    static Problem error(Origin origin, String message) {
        return new Problem(Severity.ERROR, origin, message);
    }

    static Problem warning(Origin origin, String message) {
        return new Problem(Severity.WARNING, origin, message);
    }

    /** Whether the configuration cannot be used. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** One line: where, and what. */
    @Override
    public String toString() {
        return origin + ": " + message;
    }
}
