// SPDX-License-Identifier: Apache-2.0
/** Making tasks of scripts, and starting a task's execute process through an executor. */
@NullMarked
package ml.clear.agent.runtime.launch;

import org.jspecify.annotations.NullMarked;
