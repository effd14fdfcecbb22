// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

/** When a request may be sent again. */
enum Repetition {
    /** Whenever no answer came: doing it twice has the effect of doing it once. */
    FREELY,
    /** Only when the server certainly did nothing: doing it twice would, for instance, take two tasks out of a queue. */
    WHEN_NOT_TAKEN,
    /** Never by us: the caller decides, or calls again anyway. */
    NEVER
}
