// SPDX-License-Identifier: Apache-2.0
/** Where a task's execute process runs: on this host, in a container, in a scheduler's job. */
@NullMarked
package ml.clear.agent.api.execution;

import org.jspecify.annotations.NullMarked;
