// SPDX-License-Identifier: Apache-2.0
/**
 * Programs, and processes that outlive the agent: running a program to its end, starting a task's process under its
 * keeper, finding it again from its folder, ending everything that descends from it.
 */
@NullMarked
package ml.clear.agent.runtime.process;

import org.jspecify.annotations.NullMarked;
