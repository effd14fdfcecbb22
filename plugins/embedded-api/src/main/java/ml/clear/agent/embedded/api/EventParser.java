// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import ml.clear.agent.embedded.store.Event;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads event lines.
 *
 * @param now the time for lines without one, ms since 1970
 * @param worker the worker for lines without one
 */
record EventParser(long now, String worker) {

    /** Members that are stored in columns of their own, or are not needed once the event is stored. */
    private static final Set<String> KNOWN = Set.of(
            "type",
            "task",
            "model",
            "model_event",
            "timestamp",
            "ts",
            "iter",
            "metric",
            "variant",
            "method",
            "allow_locked",
            "@timestamp",
            "company_id");

    /** A line that cannot be stored; the message says why. */
    static final class BadLine extends Exception {

        private static final long serialVersionUID = 1;

        BadLine(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether the line reports on a model instead of a task. */
    static boolean ofModel(JsonNode line) {
        return line.path("model_event").asBoolean(false);
    }

    /** The task or model of a line. */
    static String owner(JsonNode line) throws BadLine {
        // The Python SDK names the model of a model's event in 'task'.
        String model = ofModel(line) ? line.path("model").asString("") : "";
        String owner = model.isEmpty() ? line.path("task").asString("") : model;
        if (owner.isEmpty()) {
            throw new BadLine(ofModel(line) ? "Event must have a 'model' field" : "Event must have a 'task' field");
        }
        return owner;
    }

    Event parse(JsonNode line) throws BadLine {
        String owner = owner(line);
        String type = line.path("type").asString("").replace(' ', '_');
        long timestamp = whole(line, line.has("timestamp") ? "timestamp" : "ts", now);
        String reporter = line.path("worker").asString("");
        String source = reporter.isEmpty() ? worker : reporter;
        return switch (type) {
            case Event.LOG -> {
                if (ofModel(line)) {
                    throw new BadLine("Log events are not supported for models");
                }
                yield new Event.Log(
                        owner,
                        timestamp,
                        line.path("level").asString(""),
                        source,
                        line.path("msg").asString(""));
            }
            case Event.SCALAR -> {
                double value = value(line);
                yield new Event.Scalar(
                        place(line, owner),
                        timestamp,
                        value,
                        source,
                        line.path("x_axis_label").asString(""));
            }
            case Event.VECTOR, Event.IMAGE, Event.PLOT ->
                new Event.Other(
                        type, place(line, owner), line.path("key").asString(""), timestamp, rest(line, type, source));
            default -> throw new BadLine("Invalid event type: '" + type + "'");
        };
    }

    private static Event.Place place(JsonNode line, String owner) throws BadLine {
        return new Event.Place(
                owner,
                whole(line, "iter", 0),
                line.path("metric").asString(""),
                line.path("variant").asString(""));
    }

    private static double value(JsonNode line) throws BadLine {
        JsonNode value = line.path("value");
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw new BadLine("Scalar event needs a finite number as 'value'");
        }
        return value.asDouble();
    }

    private static long whole(JsonNode line, String member, long fallback) throws BadLine {
        JsonNode value = line.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (value.isNumber() && Double.isFinite(value.asDouble())) {
            return (long) value.asDouble();
        }
        try {
            return Long.parseLong(value.asString("").strip());
        } catch (NumberFormatException e) {
            throw new BadLine("'" + member + "' must be a number");
        }
    }

    private static ObjectNode rest(JsonNode line, String type, String worker) {
        ObjectNode rest = ((ObjectNode) line).deepCopy();
        rest.remove(KNOWN);
        if (type.equals(Event.VECTOR) && rest.has("values")) {
            rest.set("value", rest.remove("values"));
        }
        return rest.put("worker", worker);
    }
}
