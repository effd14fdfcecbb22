// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/**
 * Something in the configuration that its author should correct. Never holds the text of a secret.
 *
 * @param key the key that it is about; empty when it is about a source as a whole
 */
public record Problem(Severity severity, Kind kind, Origin origin, String key, String message) {

    /** How bad it is. */
    public enum Severity {
        /** The configuration cannot be used. */
        ERROR,
        /** It can be used, though perhaps not as meant. */
        WARNING,
        /** A key is set that changes nothing here. */
        NOTICE
    }

    /** What it is about. */
    public enum Kind {
        /** A source that cannot be read as meant. */
        SYNTAX,
        /** A key that is not in the vocabulary. */
        UNKNOWN_KEY,
        /** A value that its key does not allow. */
        VALUE,
        /** A key or variable without effect. */
        EFFECT
    }

    static Problem error(Origin origin, String message) {
        return new Problem(Severity.ERROR, Kind.SYNTAX, origin, "", message);
    }

    static Problem warning(Origin origin, String message) {
        return new Problem(Severity.WARNING, Kind.SYNTAX, origin, "", message);
    }

    static Problem unknownKey(Origin origin, String key, String message) {
        return new Problem(Severity.WARNING, Kind.UNKNOWN_KEY, origin, key, message);
    }

    static Problem value(Severity severity, Origin origin, String key, String message) {
        return new Problem(severity, Kind.VALUE, origin, key, message);
    }

    static Problem effect(Severity severity, Origin origin, String key, String message) {
        return new Problem(severity, Kind.EFFECT, origin, key, message);
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
