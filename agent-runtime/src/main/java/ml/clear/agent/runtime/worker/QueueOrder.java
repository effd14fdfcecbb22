// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

/** In which order queues are asked. */
public enum QueueOrder {
    /** From the first one each time. */
    PRIORITY,
    /** Round robin: starts after the queue that the last task came from. */
    FAIR
}
