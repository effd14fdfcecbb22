// SPDX-License-Identifier: Apache-2.0
/** Version control with the installed {@code hg}. */
@NullMarked
package ml.clear.agent.plugin.vcshg;

import org.jspecify.annotations.NullMarked;
