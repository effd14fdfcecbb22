// SPDX-License-Identifier: Apache-2.0
/** The contributions of the installed plugins, their look-up by name, and the reporting of failed plugins. */
@NullMarked
package ml.clear.agent.runtime.plugins;

import org.jspecify.annotations.NullMarked;
