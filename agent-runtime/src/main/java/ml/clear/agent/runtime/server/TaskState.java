// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import ml.clear.agent.api.task.TaskStatus;

/**
 * The result of polling a task.
 *
 * @param status its status
 * @param message the text beside it, empty without one
 */
public record TaskState(TaskStatus status, String message) {}
