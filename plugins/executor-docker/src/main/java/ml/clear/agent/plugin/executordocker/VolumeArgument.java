// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.List;

/**
 * A value of {@code --volume}.
 *
 * @param source a path of the machine or the name of a volume; empty for a new volume without a name
 * @param target the path in the container
 * @param options such as {@code ro}; empty for none
 */
record VolumeArgument(String source, String target, String options) {

    static VolumeArgument parse(String value) {
        List<String> parts = List.of(value.split(":", -1));
        VolumeArgument parsed = switch (parts.size()) {
            case 1 -> new VolumeArgument("", parts.get(0), "");
            case 2 -> new VolumeArgument(parts.get(0), parts.get(1), "");
            case 3 -> new VolumeArgument(parts.get(0), parts.get(1), parts.get(2));
            default -> throw Quantity.invalid("volume", value, "source:target:options");
        };
        if (!parsed.target().startsWith("/")) {
            throw Quantity.invalid("volume", value, "an absolute path in the container");
        }
        return parsed;
    }

    boolean isAnonymous() {
        return source.isEmpty();
    }

    boolean isOfMachine() {
        return source.startsWith("/") || source.startsWith(".") || source.startsWith("~");
    }

    String text() {
        return source + ":" + target + (options.isEmpty() ? "" : ":" + options);
    }
}
