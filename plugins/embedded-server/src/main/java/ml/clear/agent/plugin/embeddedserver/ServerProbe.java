// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks whether a server answers. */
final class ServerProbe {

    private static final int MILLIS = 2000;

    private ServerProbe() {}

    /** Whether the API at this address answers, within two seconds. Never uses a proxy. */
    static boolean answers(URI api) {
        return api.getScheme().equals("https") ? listens(api) : pings(api);
    }

    /** A server with a certificate of its own cannot be asked before its certificate is trusted. */
    private static boolean listens(URI api) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(api.getHost(), api.getPort()), MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean pings(URI api) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(api + "/debug.ping").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("ClearML server");
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
