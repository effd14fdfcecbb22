// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * An answer of the server.
 *
 * @param code {@code meta.result_code}, the HTTP status
 * @param subcode {@code meta.result_subcode}
 * @param message {@code meta.result_msg}, for people
 * @param data what was asked for; an object without members in errors
 */
record Envelope(int code, int subcode, String message, Json data) {

    /** The answer in these bytes; empty when they are not one. */
    static Optional<Envelope> parse(byte[] body) {
        Json document;
        try {
            document = JsonFormat.read(body);
        } catch (JacksonException e) {
            return Optional.empty();
        }
        Json meta = document.at("meta");
        int code = (int) meta.at("result_code").number(0);
        if (code == 0) {
            return Optional.empty();
        }
        int subcode = (int) meta.at("result_subcode").number(0);
        return Optional.of(new Envelope(code, subcode, meta.at("result_msg").text(), document.at("data")));
    }

    /** Whether the server did what was asked. */
    boolean isSuccess() {
        return code >= 200 && code < 300;
    }

    /** Whether this is a refusal of the request with one of these subcodes. */
    boolean isRefusal(int... subcodes) {
        if (code != 400) {
            return false;
        }
        for (int candidate : subcodes) {
            if (candidate == subcode) {
                return true;
            }
        }
        return false;
    }
}
