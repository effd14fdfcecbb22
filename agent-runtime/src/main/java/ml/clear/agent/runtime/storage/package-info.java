// SPDX-License-Identifier: Apache-2.0
/** Objects in stores: choosing a backend, transfers in parts, retries, resumption, verification, the cache of downloads. */
@NullMarked
package ml.clear.agent.runtime.storage;

import org.jspecify.annotations.NullMarked;
