// SPDX-License-Identifier: Apache-2.0
/** Stores and reads files under file:// addresses. */
@NullMarked
package ml.clear.agent.plugin.storagefile;

import org.jspecify.annotations.NullMarked;
