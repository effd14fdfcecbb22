// SPDX-License-Identifier: Apache-2.0
/** Running external programs from argument lists, the programs that the agent installs itself, and a task's console. */
@NullMarked
package ml.clear.agent.api.process;

import org.jspecify.annotations.NullMarked;
