// SPDX-License-Identifier: Apache-2.0
/** The page of the embedded server. */
@NullMarked
package ml.clear.agent.embedded.page;

import org.jspecify.annotations.NullMarked;
