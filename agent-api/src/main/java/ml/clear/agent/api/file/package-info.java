// SPDX-License-Identifier: Apache-2.0
/** Deleting folder trees, files that only their owner may read, and file locks. */
@NullMarked
package ml.clear.agent.api.file;

import org.jspecify.annotations.NullMarked;
