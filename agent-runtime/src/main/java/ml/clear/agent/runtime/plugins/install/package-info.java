// SPDX-License-Identifier: Apache-2.0
/** Fetches plugins, checks them in a process of their own, and keeps the user's plugins folder. */
@NullMarked
package ml.clear.agent.runtime.plugins.install;

import org.jspecify.annotations.NullMarked;
