// SPDX-License-Identifier: Apache-2.0
/** One task, from claim to final status, in the execute process. */
@NullMarked
package ml.clear.agent.runtime.job;

import org.jspecify.annotations.NullMarked;
