// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** Small JSON documents that other programs write. */
public final class JsonTexts {

    private JsonTexts() {}

    /** The members of an object, values as texts; none when the text is no JSON object. */
    public static Map<String, String> members(String json) {
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            JsonFormat.read(json.getBytes(StandardCharsets.UTF_8))
                    .members()
                    .forEach((name, value) -> texts.put(name, value.text()));
        } catch (JacksonException e) {
            return Map.of();
        }
        return texts;
    }
}
