// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a caller sends: one JSON object with what the query string adds, or one object a line.
 *
 * @param arguments the object; empty for lines
 * @param lines the lines; the object alone when there are none
 */
record RequestBody(ObjectNode arguments, List<JsonNode> lines) {

    /** Clients cut batches at 15 MiB. */
    static final int MOST_BYTES = 32 << 20;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    static RequestBody read(HttpExchange exchange, boolean batch) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Content-Encoding")) {
            drain(exchange.getRequestBody());
            throw new Refusal(415, 0, "Unsupported media type: requests with a Content-Encoding are not served");
        }
        byte[] bytes = bytes(exchange.getRequestBody());
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .toLowerCase(Locale.ROOT);
        if (batch && type.startsWith("application/json-lines")) {
            return new RequestBody(Json.object(), lines(bytes));
        }
        ObjectNode arguments;
        if (type.startsWith("application/x-www-form-urlencoded") && !looksLikeJson(bytes)) {
            arguments = Json.object();
            addPairs(arguments, new String(bytes, StandardCharsets.UTF_8));
        } else {
            arguments = object(bytes);
        }
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null) {
            addPairs(arguments, query);
        }
        return new RequestBody(arguments, batch && arguments.isEmpty() ? List.of() : List.of(arguments));
    }

    private static boolean looksLikeJson(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[');
    }

    private static byte[] bytes(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            drain(in);
            throw new Refusal(413, 0, "Request is too large: at most " + MOST_BYTES + " bytes are taken");
        }
        return bytes;
    }

    /** Read what is left, so that the caller, who is still writing, comes to read the answer. */
    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = 1L << 30;
        int read;
        while (left > 0 && (read = in.read(buffer)) >= 0) {
            left -= read;
        }
    }

    private static ObjectNode object(byte[] bytes) {
        if (blank(bytes, 0, bytes.length)) {
            return Json.object();
        }
        JsonNode value = parse(bytes, 0, bytes.length);
        if (value.isNull() || value.isMissingNode()) {
            return Json.object();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.invalid("the body must be a JSON object");
    }

    private static List<JsonNode> lines(byte[] bytes) {
        List<JsonNode> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                if (i < bytes.length || i > start) {
                    JsonNode line = parse(bytes, start, i - start);
                    if (!line.isObject()) {
                        throw Refusal.bad(0, "Invalid JSON in line " + (lines.size() + 1) + " of the batch");
                    }
                    lines.add(line);
                }
                start = i + 1;
            }
        }
        return lines;
    }

    private static JsonNode parse(byte[] bytes, int from, int length) {
        try {
            return Json.parse(bytes, from, length);
        } catch (JacksonException e) {
            throw Refusal.bad(0, "Invalid JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean blank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isWhitespace(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static void addPairs(ObjectNode arguments, String pairs) {
        for (String pair : pairs.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                add(arguments, Percent.decodeQuery(pair.substring(0, equals)), pair.substring(equals + 1));
            }
        }
    }

    private static void add(ObjectNode arguments, String name, String encoded) {
        boolean list = name.endsWith("[]");
        String path = list ? name.substring(0, name.length() - 2) : name;
        ObjectNode target = arguments;
        int dot;
        while ((dot = path.indexOf('.')) > 0) {
            target = Json.objectIn(target, path.substring(0, dot));
            path = path.substring(dot + 1);
        }
        JsonNode value = value(Percent.decodeQuery(encoded));
        JsonNode present = target.get(path);
        if (list || present != null) {
            if (present != null && !present.isArray()) {
                target.putArray(path).add(present);
            }
            Json.arrayIn(target, path).add(value);
        } else {
            target.set(path, value);
        }
    }

    private static JsonNode value(String text) {
        ObjectNode holder = Json.object();
        if (NUMBER.matcher(text).matches()) {
            holder.put("value", Long.parseLong(text));
        } else if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            holder.put("value", Boolean.parseBoolean(text));
        } else {
            holder.put("value", text);
        }
        return holder.path("value");
    }
}
