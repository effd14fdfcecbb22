// SPDX-License-Identifier: Apache-2.0
/** CUDA on this machine, and the builds of torch for it. */
@NullMarked
package ml.clear.agent.plugin.pythonsupport.torch;

import org.jspecify.annotations.NullMarked;
