// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Network;
import org.jspecify.annotations.Nullable;

/** Fetches files by address, with the agent's trust and proxies. */
final class Download {

    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(30).toMillis();

    /** Stores of objects answer that a missing one is forbidden. */
    private static final Set<Integer> ABSENT =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_GONE, HttpURLConnection.HTTP_FORBIDDEN);

    private final Supplier<? extends Network> network;

    Download(Supplier<? extends Network> network) {
        this.network = network;
    }

    /**
     * Fetch a file.
     *
     * @return false when there is none at this address
     * @throws AgentException {@code STORAGE_FAILED} when the other side cannot be reached or refuses
     */
    boolean fetch(URI address, Path target) {
        try {
            if ("file".equals(address.getScheme())) {
                Files.copy(Path.of(address), target);
                return true;
            }
            URLConnection connection = address.toURL().openConnection(proxy(address));
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            if (connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(network.get().sslContext().getSocketFactory());
            }
            if (connection instanceof HttpURLConnection http) {
                int status = http.getResponseCode();
                if (ABSENT.contains(status)) {
                    return false;
                }
                if (status != HttpURLConnection.HTTP_OK) {
                    throw failed(address, "the answer is " + status + " " + http.getResponseMessage(), null);
                }
            }
            try (InputStream content = connection.getInputStream()) {
                Files.copy(content, target);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | IllegalArgumentException e) {
            throw failed(address, e.toString(), e);
        }
    }

    private Proxy proxy(URI address) {
        List<Proxy> proxies = network.get().proxySelector().select(address);
        return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.getFirst();
    }

    private static AgentException failed(URI address, String cause, @Nullable Exception exception) {
        return new AgentException(
                ErrorCode.STORAGE_FAILED,
                "'" + address + "' cannot be fetched: " + cause + "; check the address and the network",
                exception);
    }
}
