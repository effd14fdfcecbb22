// SPDX-License-Identifier: Apache-2.0
/** Errors that users see: one exception, a code for each cause, a kind for each code. */
@NullMarked
package ml.clear.agent.api.error;

import org.jspecify.annotations.NullMarked;
