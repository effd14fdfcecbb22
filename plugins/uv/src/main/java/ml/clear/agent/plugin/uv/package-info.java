// SPDX-License-Identifier: Apache-2.0
/** Builds environments with uv. */
@NullMarked
package ml.clear.agent.plugin.uv;

import org.jspecify.annotations.NullMarked;
