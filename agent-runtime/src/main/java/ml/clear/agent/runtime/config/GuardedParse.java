// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Calls a type that reads a value. A type may be a plugin's own and throw anything: only an {@link IllegalArgumentException}
 * is its verdict about the value, all else is its defect and is reported as such, on one line.
 */
final class GuardedParse {

    private GuardedParse() {}

    /**
     * What the type makes of the value.
     *
     * @param owner the plugin that declares the setting
     * @throws IllegalArgumentException when the value does not fit or the type fails
     */
    static <T> T of(String owner, Supplier<T> parse) {
        try {
            return Objects.requireNonNull(parse.get(), "it returned null");
        } catch (IllegalArgumentException verdict) {
            String message = verdict.getMessage();
            throw new IllegalArgumentException(
                    message == null || message.isBlank() ? "its type refuses it without a reason" : oneLine(message),
                    verdict);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw new IllegalArgumentException(
                    "'" + owner + "' fails to read it: " + oneLine(e.toString())
                            + "; report this defect to the author of '" + owner + "'",
                    e);
        }
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
