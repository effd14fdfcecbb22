// SPDX-License-Identifier: Apache-2.0
/** Files and folders: whole trees of them, and those that only their owner may read. */
@NullMarked
package ml.clear.agent.api.file;

import org.jspecify.annotations.NullMarked;
