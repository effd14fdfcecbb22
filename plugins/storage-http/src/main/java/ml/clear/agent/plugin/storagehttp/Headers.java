// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;

/** What the head of an answer says about an object. */
final class Headers {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes .*/(\\d+)");

    private Headers() {}

    static StoredObject describe(StorageAddress object, HttpHeaders headers) {
        long size = size(headers);
        Optional<String> modified = headers.firstValue("Last-Modified");
        String tag = headers.firstValue("ETag")
                .or(() -> modified.map(time -> time + " " + size)) // as changed as the server can tell
                .orElse("");
        return new StoredObject(object, size, modified.map(Headers::time).orElse(Instant.EPOCH), tag);
    }

    private static long size(HttpHeaders headers) {
        Optional<String> range = headers.firstValue("Content-Range");
        if (range.isPresent()) {
            Matcher total = CONTENT_RANGE.matcher(range.get());
            return total.matches() ? Long.parseLong(total.group(1)) : -1;
        }
        // an encoded body has another length than the object
        return headers.firstValue("Content-Encoding").isPresent()
                ? -1
                : headers.firstValueAsLong("Content-Length").orElse(-1);
    }

    private static Instant time(String text) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
