// SPDX-License-Identifier: Apache-2.0
/** Keeps secrets out of logs. */
@NullMarked
package ml.clear.agent.runtime.redact;

import org.jspecify.annotations.NullMarked;
