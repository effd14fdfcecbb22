// SPDX-License-Identifier: Apache-2.0
/** Marks that hold for the whole interface. */
@NullMarked
package ml.clear.agent.api;

import org.jspecify.annotations.NullMarked;
