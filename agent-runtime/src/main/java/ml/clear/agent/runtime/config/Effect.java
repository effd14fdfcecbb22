// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** What setting a declared key changes. */
public sealed interface Effect {

    /** Its owner reads it. */
    record Used() implements Effect {}

    /** The Python package in the task's process reads it from the configuration that the task gets. */
    record PassedOn() implements Effect {}

    /**
     * A plugin would read it, and does not declare it: it is not installed, or an older one.
     *
     * @param plugin the id of the plugin
     */
    record OfPlugin(String plugin) implements Effect {}

    /**
     * Nothing reads it.
     *
     * @param reason why, and what happens instead, as the end of a sentence
     */
    record None(String reason) implements Effect {}

    /**
     * A key of former versions.
     *
     * @param advice what to use instead
     */
    record Retired(String advice) implements Effect {}

    /** A few words for tables. */
    default String summary() {
        return switch (this) {
            case Used _ -> "used here";
            case PassedOn _ -> "passed to the task's Python package";
            case OfPlugin(String plugin) -> "takes effect with plugin '" + plugin + "'";
            case None(String reason) -> "no effect: " + reason;
            case Retired(String advice) -> "retired: " + advice;
        };
    }
}
