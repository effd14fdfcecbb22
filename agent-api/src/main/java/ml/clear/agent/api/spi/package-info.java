// SPDX-License-Identifier: Apache-2.0
/** What a plugin implements and what it is given. */
@NullMarked
package ml.clear.agent.api.spi;

import org.jspecify.annotations.NullMarked;
