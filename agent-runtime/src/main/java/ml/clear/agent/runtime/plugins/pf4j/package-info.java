// SPDX-License-Identifier: Apache-2.0
/**
 * Finds plugins with pf4j and opens each in a separate module layer. The only package that imports {@code org.pf4j}.
 */
@NullMarked
package ml.clear.agent.runtime.plugins.pf4j;

import org.jspecify.annotations.NullMarked;
