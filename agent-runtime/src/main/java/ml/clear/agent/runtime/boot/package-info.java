// SPDX-License-Identifier: Apache-2.0
/** Wiring by hand: everything that a command needs is made here, when it is first asked for. */
@NullMarked
package ml.clear.agent.runtime.boot;

import org.jspecify.annotations.NullMarked;
