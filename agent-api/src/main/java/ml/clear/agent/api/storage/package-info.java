// SPDX-License-Identifier: Apache-2.0
/** Storing and fetching files under URLs. */
@NullMarked
package ml.clear.agent.api.storage;

import org.jspecify.annotations.NullMarked;
