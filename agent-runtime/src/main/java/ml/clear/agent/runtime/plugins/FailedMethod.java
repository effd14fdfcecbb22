// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

/** A method that a plugin implements threw something while the plugin was started. */
public final class FailedMethod extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String method;

    /**
     * A failure.
     *
     * @param method the method, such as {@code settings()}
     * @param cause what it threw
     */
    FailedMethod(String method, Throwable cause) {
        super(method + " threw " + ExceptionSummary.describe(cause), cause);
        this.method = method;
    }

    /** The method, such as {@code settings()}. */
    public String method() {
        return method;
    }
}
