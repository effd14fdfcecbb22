// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;

/** One call of the API of a server in another process. */
final class ApiCall {

    private static final String JSON = "application/json";

    private ApiCall() {}

    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    /**
     * The data of the answer.
     *
     * @throws UncheckedIOException when the server refuses or is gone
     */
    static JsonNode data(ServiceEndpoint endpoint, String call, String body) {
        return make(
                endpoint, call, JSON, body, in -> Json.parse(in.readAllBytes()).path("data"));
    }

    /** The same for a call that takes one object a line. */
    static JsonNode lines(ServiceEndpoint endpoint, String call, String lines) {
        return make(
                endpoint,
                call,
                "application/json-lines",
                lines,
                in -> Json.parse(in.readAllBytes()).path("data"));
    }

    /** How long the answer is, which is not held in memory. */
    static long length(ServiceEndpoint endpoint, String call, String body) {
        return make(endpoint, call, JSON, body, in -> in.transferTo(OutputStream.nullOutputStream()));
    }

    private static <T> T make(ServiceEndpoint endpoint, String call, String type, String body, Reader<T> reader) {
        String pair = endpoint.accessKey() + ":" + endpoint.secretKey().reveal();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(endpoint.api() + "/" + call).toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            connection.setRequestProperty("Content-Type", type);
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            try (var in = connection.getInputStream()) {
                return reader.read(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(call + " " + body.substring(0, Math.min(200, body.length())), e);
        }
    }
}
