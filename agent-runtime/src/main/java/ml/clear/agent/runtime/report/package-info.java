// SPDX-License-Identifier: Apache-2.0
/** Ships a task's console from the spool to the server: whole lines, in order, each once, also after failures. */
@NullMarked
package ml.clear.agent.runtime.report;

import org.jspecify.annotations.NullMarked;
