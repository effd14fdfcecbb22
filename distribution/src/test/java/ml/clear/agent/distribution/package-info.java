// SPDX-License-Identifier: Apache-2.0
/** Tests of what is installed: the real archive, unpacked, started as users start it. */
@NullMarked
package ml.clear.agent.distribution;

import org.jspecify.annotations.NullMarked;
