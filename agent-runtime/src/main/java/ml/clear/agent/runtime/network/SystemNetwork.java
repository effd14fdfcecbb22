// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import ml.clear.agent.api.spi.Network;
import org.jspecify.annotations.Nullable;

/**
 * The network as the configuration and the environment describe it. Certificates are read when they are first needed: a
 * command that talks to a server on loopback never reads any. Safe for several threads.
 */
public final class SystemNetwork implements Network {

    private final CertificateCheck check;
    private final CertificateSources sources;
    private final EnvironmentProxies proxies;
    private final Map<String, String> environment;
    private final Path folder;
    private @Nullable Map<String, String> variables;
    private @Nullable X509TrustManager trustManager;
    private @Nullable SSLContext sslContext;

    /**
     * A network.
     *
     * @param check the value of {@code api.verify_certificate}
     * @param environment the variables of this process
     * @param folder where a file with all trusted authorities is written when other programs need one; made when needed
     */
    public SystemNetwork(CertificateCheck check, Map<String, String> environment, Path folder) {
        this.check = check;
        this.sources = new CertificateSources(check, environment);
        this.proxies = EnvironmentProxies.of(environment);
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    @Override
    public synchronized SSLContext sslContext() {
        SSLContext ready = sslContext;
        if (ready == null) {
            ready = newContext(trustManager());
            sslContext = ready;
        }
        return ready;
    }

    /**
     * The trust inside {@link #sslContext()}.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} when the bundle of
     *     {@code api.verify_certificate} cannot be read
     */
    public synchronized X509TrustManager trustManager() {
        X509TrustManager ready = trustManager;
        if (ready == null) {
            ready = verifiesCertificates() ? Trust.in(sources.certificates()) : Trust.inEverybody();
            trustManager = ready;
        }
        return ready;
    }

    /** Whether certificates, and the names in them, are checked at all. */
    public boolean verifiesCertificates() {
        return !(check instanceof CertificateCheck.None);
    }

    /**
     * Chooses proxies as Python's requests does, except that addresses of this machine itself are always reached
     * directly: our own server listens there.
     *
     * <p>Choosing fails with an {@link ml.clear.agent.api.error.AgentException} {@code CONFIGURATION_INVALID} when the
     * variable for this scheme cannot be understood.
     */
    @Override
    public ProxySelector proxySelector() {
        return proxies;
    }

    @Override
    public Optional<PasswordAuthentication> proxyCredentials(SocketAddress proxy) {
        return proxies.credentials(proxy);
    }

    /**
     * The variables, worked out once.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} when the bundle of
     *     {@code api.verify_certificate} cannot be read
     */
    @Override
    public synchronized Map<String, String> variables() {
        Map<String, String> ready = variables;
        if (ready == null) {
            ready = NetworkVariables.of(
                    check, () -> CertificateBundle.write(sources.certificates(), folder), environment);
            variables = ready;
        }
        return ready;
    }

    /** The variables that programs must not inherit from the agent, since they stand above those of {@link #variables()}. */
    public Set<String> removedVariables() {
        return NetworkVariables.removed(check);
    }

    /** {@link #variables()} for people: passwords are masked. */
    public Map<String, String> shownVariables() {
        return NetworkVariables.masked(variables());
    }

    private static SSLContext newContext(X509TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
