// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.MetricSelection;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of an endpoint. Absent and null are the same; a value of a wrong type is 400/12.
 *
 * @param version the version of the API that the caller asks for
 * @param caller who calls
 * @param origin the origin of the call
 * @param arguments the body with the parameters of the query string
 * @param lines for the batch endpoints, each line, to be walked once; otherwise the arguments alone
 */
record Call(ApiVersion version, Caller caller, Origin origin, ObjectNode arguments, Iterable<JsonNode> lines) {

    /**
     * Where a call comes from.
     *
     * @param address the caller's address
     * @param worker the worker header, empty when there is none
     * @param host the caller's name for this server, with the port
     */
    record Origin(String address, String worker, String host) {}

    /** A call like this one, on other arguments. */
    Call with(ObjectNode other) {
        return new Call(version, caller, origin, other, List.of(other));
    }

    String required(String name) {
        return text(name).orElseThrow(() -> Refusal.invalid("missing field '" + name + "'"));
    }

    Optional<String> text(String name) {
        JsonNode value = arguments.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw Refusal.invalid("'" + name + "' must be a text");
        }
        return Optional.of(value.stringValue());
    }

    String text(String name, String fallback) {
        return text(name).orElse(fallback);
    }

    boolean flag(String name, boolean fallback) {
        JsonNode value = arguments.path(name);
        if (absent(value)) {
            return fallback;
        }
        if (!value.isBoolean()) {
            throw Refusal.invalid("'" + name + "' must be true or false");
        }
        return value.booleanValue();
    }

    boolean force() {
        return flag("force", false);
    }

    long whole(String name, long fallback) {
        JsonNode value = arguments.path(name);
        if (absent(value)) {
            return fallback;
        }
        if (!value.isIntegralNumber()) {
            throw Refusal.invalid("'" + name + "' must be a whole number");
        }
        return value.asLong();
    }

    double number(String name) {
        JsonNode value = arguments.path(name);
        if (!value.isNumber()) {
            throw Refusal.invalid("'" + name + "' must be a number");
        }
        return value.asDouble();
    }

    /** A text, or a number as text. */
    String scalar(String name) {
        JsonNode value = arguments.path(name);
        if (!value.isString() && !value.isNumber()) {
            throw Refusal.invalid("'" + name + "' must be a text or a number");
        }
        return value.asString();
    }

    Optional<ObjectNode> object(String name) {
        JsonNode value = arguments.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(object);
        }
        throw Refusal.invalid("'" + name + "' must be an object");
    }

    /** A list of objects, empty when absent. */
    List<ObjectNode> objects(String name) {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode element : list(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw Refusal.invalid("'" + name + "' must be a list of objects");
            }
            objects.add(object);
        }
        return objects;
    }

    /** A list of texts, empty when absent. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(name)) {
            if (!element.isString()) {
                throw Refusal.invalid("'" + name + "' must be a list of texts");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /** The same, which must hold something. */
    List<String> requiredTexts(String name) {
        List<String> texts = texts(name);
        if (texts.isEmpty()) {
            throw Refusal.invalid("missing field '" + name + "'");
        }
        return texts;
    }

    /** The series that a list of metrics names; each is a text, or an object with {@code metric} and {@code variants}. */
    MetricSelection metrics(String name) {
        Map<String, Set<String>> metrics = new HashMap<>();
        for (JsonNode element : list(name)) {
            JsonNode metric = element.isString() ? element : element.path("metric");
            if (!metric.isString()) {
                throw Refusal.invalid("'" + name + "' must be a list of metrics");
            }
            Set<String> variants = metrics.computeIfAbsent(metric.stringValue(), key -> new HashSet<>());
            element.path("variants").forEach(variant -> variants.add(variant.asString("")));
        }
        return new MetricSelection(metrics);
    }

    boolean has(String name) {
        return !absent(arguments.path(name));
    }

    private Iterable<JsonNode> list(String name) {
        JsonNode value = arguments.path(name);
        if (absent(value)) {
            return List.of();
        }
        if (!value.isArray()) {
            throw Refusal.invalid("'" + name + "' must be a list");
        }
        return value;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
