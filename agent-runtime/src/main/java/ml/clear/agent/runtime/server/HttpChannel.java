// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.network.SystemNetwork;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends single requests over its own connections. Does not retry. Safe for several threads; the HTTP library is loaded
 * with the first request.
 */
final class HttpChannel implements AutoCloseable {

    /** More than any answer of this API has; a larger one is not ours. */
    private static final long LARGEST_ANSWER = 64L << 20;

    /** Shorter than servers and gateways keep idle connections, so that they rarely close one that we are about to use. */
    private static final Duration IDLE = Duration.ofSeconds(15);

    /** The limit for the pause that a server may ask for. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private final ServerConnectionSettings settings;
    private final SystemNetwork network;
    private final Duration silence;
    private final Duration wholeCall;
    private @Nullable OkHttpClient client;
    private volatile boolean closed;

    /** @param wholeCall the time limit of a whole request; zero for no limit while bytes are transferred */
    HttpChannel(ServerConnectionSettings settings, SystemNetwork network, Duration silence, Duration wholeCall) {
        this.settings = settings;
        this.network = network;
        this.silence = silence;
        this.wholeCall = wholeCall;
    }

    /** The longest time that a thread may wait for another one that uses the same channel's kind. */
    Duration patience() {
        return wholeCall;
    }

    /** Sends a request once. */
    Outcome send(ApiRequest request, Secret authorization) {
        MeasuredBody body = new MeasuredBody(request.content());
        try (Response response =
                client().newCall(describe(request, body, authorization)).execute()) {
            return read(response);
        } catch (IOException e) {
            boolean passing = !closed && !Thread.currentThread().isInterrupted();
            TransportFaults faults = faults();
            return body.isComplete() ? faults.afterSending(e, passing) : faults.beforeSending(e, passing);
        }
    }

    /** Ends running requests and lets the connections go. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.dispatcher().cancelAll();
            client.connectionPool().evictAll();
        }
    }

    private Request describe(ApiRequest request, MeasuredBody body, Secret authorization) {
        String host = printable(settings.workerHost());
        String agent = "api-" + printable(settings.agentVersion());
        return new Request.Builder()
                .url(settings.apiServer() + "/" + request.path())
                .header("Authorization", authorization.reveal())
                .header("X-ClearML-Worker", host)
                .header("X-Trains-Worker", host)
                .header("X-ClearML-Agent", agent)
                .header("X-Trains-Agent", agent)
                .header("User-Agent", "clearml-agent/" + printable(settings.agentVersion()))
                .post(body)
                .build();
    }

    private Outcome read(Response response) throws IOException {
        int status = response.code();
        byte[] bytes;
        try (InputStream stream = response.body().byteStream()) {
            bytes = stream.readNBytes((int) LARGEST_ANSWER + 1);
        }
        if (bytes.length > LARGEST_ANSWER) {
            return new Outcome.Unclear(
                    "it answers " + status + " with more than " + LARGEST_ANSWER + " bytes", false, null);
        }
        Optional<Envelope> envelope = Envelope.parse(bytes);
        if (status == 429 || status == 503) {
            String reason = envelope.map(Envelope::message)
                    .filter(message -> !message.isBlank())
                    .orElse(status == 429 ? "too many requests" : "not available now");
            return new Outcome.NotTaken(
                    "it answers " + status + ", " + reason, true, status == 503, RetryAfter.of(response), null);
        }
        return envelope.<Outcome>map(Outcome.Answered::new).orElseGet(() -> ForeignAnswers.describe(response, bytes));
    }

    private synchronized OkHttpClient client() throws IOException {
        if (closed) {
            throw new IOException("the connection to the server has been closed");
        }
        OkHttpClient ready = client;
        if (ready == null) {
            ready = OkHttpClients.of(settings.apiServer(), network)
                    .connectionPool(new ConnectionPool(4, IDLE.toMillis(), TimeUnit.MILLISECONDS))
                    .connectTimeout(settings.timeouts().connect())
                    .readTimeout(silence)
                    .writeTimeout(silence)
                    .callTimeout(wholeCall)
                    .build();
            client = ready;
        }
        return ready;
    }

    private TransportFaults faults() {
        Proxy proxy = network.proxySelector().select(settings.apiServer()).getFirst();
        String way = proxy.address() instanceof InetSocketAddress address
                ? " (through the proxy '" + address.getHostString() + ":" + address.getPort() + "')"
                : "";
        return new TransportFaults(way, settings.timeouts().connect(), wholeCall.isZero() ? silence : wholeCall);
    }

    /** A header takes visible ASCII alone. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "-");
    }

    /** Reads the header {@code Retry-After}, whose dates no ClearML server or gateway in front of one is known to use. */
    private static final class RetryAfter {

        private RetryAfter() {}

        static Duration of(Response response) {
            String value = Objects.requireNonNullElse(response.header("Retry-After"), "")
                    .strip();
            if (!value.matches("\\d{1,9}")) {
                return Duration.ZERO;
            }
            Duration asked = Duration.ofSeconds(Long.parseLong(value));
            return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
        }
    }
}
