// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Which GPUs of a machine tasks may use, as in {@code NVIDIA_VISIBLE_DEVICES}: numbers, identities or parts of a GPU such as
 * {@code 0:1}; nothing or {@code all} for all of them, {@code none} for none.
 *
 * @param list the list, with commas
 */
public record GpuSelection(String list) {

    /** Checks for absence. */
    public GpuSelection {
        Objects.requireNonNull(list);
    }

    /** Whether tasks use no GPU at all. */
    boolean isNone() {
        return list.equals("none");
    }

    /**
     * Whether a GPU is one of them.
     *
     * @param index its number
     * @param identity its identity; empty when it has none
     */
    boolean holds(String index, String identity) {
        if (list.isBlank() || list.equals("all")) {
            return true;
        }
        List<String> items =
                Arrays.stream(list.split(",", -1)).map(String::strip).toList();
        return items.stream()
                .anyMatch(item -> item.equals(index)
                        || item.startsWith(index + ":")
                        || item.startsWith(index + ".")
                        || (!identity.isEmpty() && item.equals(identity))
                        || isInRange(item, index));
    }

    private static boolean isInRange(String item, String index) {
        int dash = item.indexOf('-');
        if (dash <= 0) {
            return false;
        }
        try {
            int number = Integer.parseInt(index);
            return number >= Integer.parseInt(item.substring(0, dash))
                    && number <= Integer.parseInt(item.substring(dash + 1));
        } catch (NumberFormatException e) {
            return false; // an identity has dashes, too
        }
    }
}
