// SPDX-License-Identifier: Apache-2.0
/** Builds environments with pip. */
@NullMarked
package ml.clear.agent.plugin.pip;

import org.jspecify.annotations.NullMarked;
