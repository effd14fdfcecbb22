// SPDX-License-Identifier: Apache-2.0
/** The embedded server as a plugin: commands, background process, settings. */
@NullMarked
package ml.clear.agent.plugin.embeddedserver;

import org.jspecify.annotations.NullMarked;
