// SPDX-License-Identifier: Apache-2.0
/**
 * A task's console on its way from the spool to the server: whole lines, in order, each once, whatever fails between.
 */
@NullMarked
package ml.clear.agent.runtime.report;

import org.jspecify.annotations.NullMarked;
