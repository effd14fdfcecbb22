// SPDX-License-Identifier: Apache-2.0
/** Runs executions in containers of a Docker-compatible engine. */
@NullMarked
package ml.clear.agent.plugin.executordocker;

import org.jspecify.annotations.NullMarked;
