// SPDX-License-Identifier: Apache-2.0
/** The daemon: registers the worker, takes tasks from queues, supervises executions, reports to the server. */
@NullMarked
package ml.clear.agent.runtime.worker;

import org.jspecify.annotations.NullMarked;
