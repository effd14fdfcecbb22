// SPDX-License-Identifier: Apache-2.0
/** Tools that the agent installs for its own use: pip in seeds of environments, and programs from the package index. */
@NullMarked
package ml.clear.agent.plugin.pythonsupport.tool;

import org.jspecify.annotations.NullMarked;
