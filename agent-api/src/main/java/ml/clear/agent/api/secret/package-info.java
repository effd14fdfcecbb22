// SPDX-License-Identifier: Apache-2.0
/** Values that must never be printed. */
@NullMarked
package ml.clear.agent.api.secret;

import org.jspecify.annotations.NullMarked;
