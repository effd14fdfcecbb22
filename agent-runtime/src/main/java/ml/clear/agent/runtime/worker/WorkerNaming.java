// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Objects;

/**
 * The rules by which a daemon gets its id; those of the Python agent.
 *
 * @param explicit the id that the configuration names; empty to make one
 * @param name what ids are made of
 * @param gpus the GPUs that tasks may use, such as {@code 0,1}; {@code none} for no GPU, empty when not given
 * @param shared whether the GPUs are shared out to several tasks at once
 */
public record WorkerNaming(String explicit, String name, String gpus, boolean shared) {

    private static final String NO_GPU = "none";

    /** Checks for absence. */
    public WorkerNaming {
        Objects.requireNonNull(explicit);
        Objects.requireNonNull(name);
        Objects.requireNonNull(gpus);
    }

    /**
     * The id.
     *
     * @param slot the number of this daemon among those of the machine
     */
    public String id(int slot) {
        if (!explicit.isEmpty()) {
            return explicit;
        }
        return switch (gpus) {
            case "" -> name + ":" + slot;
            case NO_GPU -> name + ":cpu:" + slot;
            // A colon separates the parts of an id; MIG devices have one in their name.
            default -> name + (shared ? ":dgpu" : ":gpu") + gpus.replace(':', '.');
        };
    }

    /** Whether two daemons of this naming would have the same id. */
    public boolean isUnique() {
        return id(0).equals(id(1));
    }

    /** The part of the id that daemons of any slot share. */
    public String prefix() {
        return isUnique() ? id(0) : name + ":";
    }
}
