// SPDX-License-Identifier: Apache-2.0
/** What the installed plugins contribute, how it is looked up by name, and how a plugin that failed is told. */
@NullMarked
package ml.clear.agent.runtime.plugins;

import org.jspecify.annotations.NullMarked;
