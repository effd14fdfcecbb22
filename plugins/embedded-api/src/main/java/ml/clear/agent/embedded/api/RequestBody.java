// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a request: one JSON object with the parameters of the query string, or one object per line.
 *
 * @param arguments the object; empty for lines
 * @param lines the lines, to be walked once; the object alone when there are none
 */
record RequestBody(ObjectNode arguments, Iterable<JsonNode> lines) {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    static RequestBody read(HttpExchange exchange, InputStream in, boolean batch) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Content-Encoding")) {
            throw new Refusal(415, 0, "Unsupported media type: requests with a Content-Encoding are not served");
        }
        try {
            return parse(exchange, in, batch);
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    /**
     * The refusal of a body that is not JSON.
     *
     * @throws UncheckedIOException when it could not be read
     */
    static Refusal invalid(JacksonException e) {
        if (e.getCause() instanceof IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return Refusal.bad(0, "Invalid JSON: " + e.getOriginalMessage());
    }

    private static RequestBody parse(HttpExchange exchange, InputStream in, boolean batch) throws IOException {
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .toLowerCase(Locale.ROOT);
        if (batch && type.startsWith("application/json-lines")) {
            JsonLines lines = new JsonLines(in);
            return new RequestBody(Json.object(), () -> lines);
        }
        ObjectNode arguments;
        if (type.startsWith("application/x-www-form-urlencoded")) {
            // The default content type of curl for any body, including JSON.
            byte[] bytes = in.readAllBytes();
            arguments = looksLikeJson(bytes) ? object(new ByteArrayInputStream(bytes)) : Json.object();
            if (!looksLikeJson(bytes)) {
                addPairs(arguments, new String(bytes, StandardCharsets.UTF_8));
            }
        } else {
            arguments = object(in);
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

    private static ObjectNode object(InputStream in) {
        JsonNode value = Json.parse(in);
        if (value.isNull() || value.isMissingNode()) {
            return Json.object();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.invalid("the body must be a JSON object");
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
