// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.LinkedHashMap;
import java.util.Map;

/** A value of {@code --mount}: pairs joined by commas. */
final class MountArgument {

    private MountArgument() {}

    /** The pairs under the names that docker prefers. */
    static Map<String, String> pairs(String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String field : value.split(",")) {
            int equals = field.indexOf('=');
            String name = (equals < 0 ? field : field.substring(0, equals)).strip();
            String text = equals < 0 ? "true" : field.substring(equals + 1);
            String canonical = switch (name) {
                case "src" -> "source";
                case "dst", "destination" -> "target";
                case "ro" -> "readonly";
                default -> name;
            };
            pairs.merge(canonical, text, (first, second) -> first + "," + second);
        }
        return pairs;
    }

    /** The member of a container's description. */
    static Map<String, Object> parse(String value) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("Type", "volume");
        Map<String, Object> bind = new LinkedHashMap<>();
        Map<String, Object> volume = new LinkedHashMap<>();
        Map<String, Object> driver = new LinkedHashMap<>();
        Map<String, Object> temporary = new LinkedHashMap<>();
        pairs(value).forEach((name, text) -> {
            switch (name) {
                case "type" -> mount.put("Type", text);
                case "source" -> mount.put("Source", text);
                case "target" -> mount.put("Target", text);
                case "readonly" -> mount.put("ReadOnly", !text.equals("false") && !text.equals("0"));
                case "consistency" -> mount.put("Consistency", text);
                case "bind-propagation" -> bind.put("Propagation", text);
                case "bind-recursive" -> bind.put("NonRecursive", text.equals("disabled"));
                case "bind-nonrecursive" -> bind.put("NonRecursive", !text.equals("false"));
                case "volume-nocopy" -> volume.put("NoCopy", !text.equals("false"));
                case "volume-subpath" -> volume.put("Subpath", text);
                case "volume-label" -> volume.put("Labels", options(value, text));
                case "volume-driver" -> driver.put("Name", text);
                case "volume-opt" -> driver.put("Options", options(value, text));
                case "tmpfs-size" -> temporary.put("SizeBytes", Quantity.bytes("mount", text));
                case "tmpfs-mode" -> temporary.put("Mode", mode(value, text));
                default -> throw Quantity.invalid("mount", value, "a known field instead of '" + name + "'");
            }
        });
        if (!mount.containsKey("Target")) {
            throw Quantity.invalid("mount", value, "a target");
        }
        if (!driver.isEmpty()) {
            volume.put("DriverConfig", driver);
        }
        put(mount, "BindOptions", bind);
        put(mount, "VolumeOptions", volume);
        put(mount, "TmpfsOptions", temporary);
        return mount;
    }

    private static Map<String, String> options(String value, String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw Quantity.invalid("mount", value, "name=value");
            }
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return options;
    }

    private static int mode(String value, String text) {
        try {
            return Integer.parseInt(text, 8);
        } catch (NumberFormatException e) {
            throw Quantity.invalid("mount", value, "an octal mode");
        }
    }

    private static void put(Map<String, Object> mount, String member, Map<String, Object> options) {
        if (!options.isEmpty()) {
            mount.put(member, options);
        }
    }
}
