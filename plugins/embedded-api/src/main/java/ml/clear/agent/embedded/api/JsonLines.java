// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The objects of a body of one JSON object a line, read as they are asked for: large batches are never held as trees. */
final class JsonLines implements Iterator<JsonNode> {

    private final LineReader reader;
    private int number;
    private @Nullable JsonNode next;

    JsonLines(InputStream in) {
        reader = new LineReader(in);
    }

    /** Whether there is another line; a line that is broken or no object is 400/0. */
    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public JsonNode next() {
        JsonNode line = hasNext() ? next : null;
        if (line == null) {
            throw new NoSuchElementException("the batch has " + number + " lines");
        }
        next = null;
        return line;
    }

    private @Nullable JsonNode read() {
        try {
            if (!reader.next()) {
                return null;
            }
            number++;
            JsonNode line = Json.parse(reader.buffer(), reader.from(), reader.length());
            if (line.isObject()) {
                return line;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JacksonException e) {
            throw RequestBody.invalid(e);
        }
        throw Refusal.bad(0, "Invalid JSON in line " + number + " of the batch");
    }
}
