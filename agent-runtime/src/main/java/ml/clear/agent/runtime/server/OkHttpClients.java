// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.runtime.network.ProxyRefusedException;
import ml.clear.agent.runtime.network.SystemNetwork;
import okhttp3.ConnectionSpec;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Builds HTTP clients with the trusted authorities and the proxies of {@link SystemNetwork}. */
final class OkHttpClients {

    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private OkHttpClients() {}

    /** A client for one server. */
    static OkHttpClient.Builder of(URI server, SystemNetwork network) {
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .protocols(List.of(Protocol.HTTP_1_1))
                // a redirect would turn our POST into a GET; it is reported instead
                .followRedirects(false)
                .followSslRedirects(false)
                .proxySelector(network.proxySelector())
                .proxyAuthenticator((route, refusal) -> forTunnel(network, route, refusal))
                .addNetworkInterceptor(chain -> forPlainHttp(network, chain));
        if ("http".equals(server.getScheme())) {
            // without this the library reads every trusted certificate before it talks to our server on loopback
            return builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        }
        builder.connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                .sslSocketFactory(network.sslContext().getSocketFactory(), network.trustManager());
        return network.verifiesCertificates() ? builder : builder.hostnameVerifier((_, _) -> true);
    }

    /** A tunnel is asked for with the password at once; asked for it again, the proxy refuses it. */
    private static @Nullable Request forTunnel(SystemNetwork network, @Nullable Route route, Response refusal)
            throws IOException {
        if (route == null) {
            return null;
        }
        Optional<String> credentials = credentials(network, route.proxy());
        boolean tried = refusal.request().header(PROXY_AUTHORIZATION) != null;
        if (credentials.isEmpty() || tried) {
            throw new ProxyRefusedException(route.proxy().address(), tried);
        }
        return refusal.request()
                .newBuilder()
                .header(PROXY_AUTHORIZATION, credentials.get())
                .build();
    }

    /** Without a tunnel the proxy reads each request, so each carries the password; the library never sends one twice. */
    private static Response forPlainHttp(SystemNetwork network, Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        var connection = chain.connection();
        if (connection == null || request.isHttps()) {
            return chain.proceed(request);
        }
        Optional<String> credentials = credentials(network, connection.route().proxy());
        if (credentials.isEmpty()) {
            return chain.proceed(request);
        }
        return chain.proceed(request.newBuilder()
                .header(PROXY_AUTHORIZATION, credentials.get())
                .build());
    }

    private static Optional<String> credentials(SystemNetwork network, Proxy proxy) {
        if (proxy.type() != Proxy.Type.HTTP || !(proxy.address() instanceof InetSocketAddress address)) {
            return Optional.empty();
        }
        return network.proxyCredentials(address)
                .map(found -> BasicAuthorization.of(found.getUserName(), new String(found.getPassword()))
                        .reveal());
    }
}
