// SPDX-License-Identifier: Apache-2.0
/** Documents as JSON, events in tables of their own, one writer, and the query language of the {@code get_all} calls. */
@NullMarked
package ml.clear.agent.embedded.store;

import org.jspecify.annotations.NullMarked;
