// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** What becomes of keys below {@code agent} and {@code api} that nobody declares. */
public enum UnknownKeys {
    /** They are errors, since a mistyped key has no effect. */
    REFUSE,
    /** They are warnings. */
    ALLOW
}
