// SPDX-License-Identifier: Apache-2.0
/** Prepares the Python environment of a task: builds it with a package manager, or takes it from the cache. */
@NullMarked
package ml.clear.agent.runtime.environment;

import org.jspecify.annotations.NullMarked;
