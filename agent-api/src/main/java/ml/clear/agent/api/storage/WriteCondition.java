// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/** When a write may replace what is stored. A condition that does not hold gives {@code CONFLICT} and changes nothing. */
@Stability.Incubating(since = "0.1")
public sealed interface WriteCondition {

    /** Always. */
    WriteCondition NONE = new Always();

    /** Only if there is no object yet. */
    WriteCondition ABSENT = new Absent();

    /** No condition. */
    record Always() implements WriteCondition {}

    /** There is no object. */
    record Absent() implements WriteCondition {}

    /**
     * The object is the one that was seen.
     *
     * @param entityTag as {@link StoredObject#entityTag()}
     */
    record Matches(String entityTag) implements WriteCondition {}
}
