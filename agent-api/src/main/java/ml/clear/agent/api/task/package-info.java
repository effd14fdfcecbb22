// SPDX-License-Identifier: Apache-2.0
/** A task as the server describes it: immutable data. */
@NullMarked
package ml.clear.agent.api.task;

import org.jspecify.annotations.NullMarked;
