// SPDX-License-Identifier: Apache-2.0
/** Runs executions as processes of this machine. */
@NullMarked
package ml.clear.agent.plugin.executorvenv;

import org.jspecify.annotations.NullMarked;
