// SPDX-License-Identifier: Apache-2.0
/** The code of a task: a checkout with its uncommitted changes, or a script that the task carries; and how to start it. */
@NullMarked
package ml.clear.agent.runtime.checkout;

import org.jspecify.annotations.NullMarked;
