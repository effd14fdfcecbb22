// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.Objects;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.runtime.checkout.PreparedCode;

/**
 * What a task is started from.
 *
 * @param code its code; a custom build script may have moved its entry point
 * @param environment the environment that it runs in
 */
record ReadyTask(PreparedCode code, PythonEnvironment environment) {

    /** Checks for absence. */
    ReadyTask {
        Objects.requireNonNull(code);
        Objects.requireNonNull(environment);
    }
}
