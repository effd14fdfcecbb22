// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Requests for devices that the engine hands out by itself, GPUs above all. */
final class DeviceRequest {

    private static final Pattern CDI = Pattern.compile("[A-Za-z0-9.-]+/[A-Za-z0-9._-]+=[A-Za-z0-9._:-]+");

    private DeviceRequest() {}

    /** A device by the name of a CDI specification, such as {@code nvidia.com/gpu=0}. */
    static boolean isNamedByCdi(String value) {
        return CDI.matcher(value).matches();
    }

    static Map<String, Object> cdi(String value) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("Driver", "cdi");
        request.put("DeviceIDs", List.of(value));
        return request;
    }

    /** The request of a value of {@code --gpus}: {@code all}, a number, or fields joined by commas, which may be quoted. */
    static Map<String, Object> gpus(String value) {
        Map<String, Object> request = new LinkedHashMap<>();
        List<String> capabilities = new ArrayList<>();
        boolean counted = false;
        for (String field : fields(value)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? "count" : field.substring(0, equals);
            String text = equals < 0 ? field : field.substring(equals + 1);
            switch (name) {
                case "count" -> {
                    request.put("Count", text.equals("all") ? -1L : Quantity.integer("gpus", text));
                    counted = true;
                }
                case "device" -> request.put("DeviceIDs", List.of(text.split(",")));
                case "driver" -> request.put("Driver", text);
                case "capabilities" -> capabilities.addAll(List.of(text.split(",")));
                case "options" -> request.put("Options", options(value, text));
                default -> throw Quantity.invalid("gpus", value, "a known field instead of '" + name + "'");
            }
        }
        if (!counted && !request.containsKey("DeviceIDs")) {
            request.put("Count", 1L);
        }
        capabilities.add("gpu");
        request.put("Capabilities", List.of(capabilities.stream().distinct().toList()));
        return request;
    }

    /** All GPUs, or those of a list. */
    static Map<String, Object> ofList(String gpus) {
        return gpus(gpus.equals("all") ? "all" : "\"device=" + gpus + "\"");
    }

    private static Map<String, String> options(String value, String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw Quantity.invalid("gpus", value, "options as name=value");
            }
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return options;
    }

    /** Fields of a line of comma-separated values, in which quotes hold a comma. */
    private static List<String> fields(String value) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
