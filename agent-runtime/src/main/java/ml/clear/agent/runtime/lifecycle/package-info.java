// SPDX-License-Identifier: Apache-2.0
/** Owning what is opened, stopping politely, reporting phases. */
@NullMarked
package ml.clear.agent.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
