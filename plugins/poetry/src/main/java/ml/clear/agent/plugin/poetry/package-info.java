// SPDX-License-Identifier: Apache-2.0
/** Builds environments with poetry. */
@NullMarked
package ml.clear.agent.plugin.poetry;

import org.jspecify.annotations.NullMarked;
