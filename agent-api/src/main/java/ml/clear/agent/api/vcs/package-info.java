// SPDX-License-Identifier: Apache-2.0
/** Version control: addresses, credentials, checkouts. */
@NullMarked
package ml.clear.agent.api.vcs;

import org.jspecify.annotations.NullMarked;
