// SPDX-License-Identifier: Apache-2.0
/** Environments from conda's channels. */
@NullMarked
package ml.clear.agent.plugin.conda;

import org.jspecify.annotations.NullMarked;
