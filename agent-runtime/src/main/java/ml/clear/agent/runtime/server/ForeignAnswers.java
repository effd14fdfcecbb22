// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import okhttp3.Response;

/** Answers that are no ClearML envelope: from a gateway or proxy in between, or from another server altogether. */
final class ForeignAnswers {

    private static final int EXCERPT = 120;

    private ForeignAnswers() {}

    static Outcome describe(Response response, byte[] body) {
        int status = response.code();
        String place = Objects.requireNonNullElse(response.header("Location"), "");
        if (status == 407) {
            return Outcome.NotTaken.hopeless(
                    "the proxy wants a user and password; put them into the proxy variable, as in "
                            + "'http://user:password@proxy:3128'",
                    null);
        }
        if (status >= 300 && status < 400 && !place.isEmpty()) {
            return new Outcome.Unclear(
                    "it redirects to '" + withoutQuery(place) + "'; set api.api_server to where the API really is",
                    false,
                    null);
        }
        String type = response.header("Content-Type", "no content type");
        String reason = "it answers " + status + " with something that is not the ClearML API ('" + type + "': '"
                + excerpt(body) + "')";
        // 502 and 504 are a gateway's word for a server that took the request and did not answer in full or in time
        boolean gateway = status == 502 || status == 504;
        return new Outcome.Unclear(
                gateway
                        ? reason
                        : reason + "; check that api.api_server is the API server and not the web or files server",
                gateway,
                null);
    }

    private static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4096), StandardCharsets.UTF_8)
                .replaceAll("(?s)<(style|script)\\b.*?</\\1>|<[^>]*>|[\\p{Cntrl}\\s]+", " ")
                .strip()
                .replaceAll(" {2,}", " ");
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
    }

    private static String withoutQuery(String address) {
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }
}
