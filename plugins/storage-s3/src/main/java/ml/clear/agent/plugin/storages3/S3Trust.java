// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Network;

/**
 * Which certificates a server may have.
 *
 * @param context checks them
 * @param checksNames whether the name in the certificate must be that of the server
 */
record S3Trust(SSLContext context, boolean checksNames) {

    /** @param verify true, false, or the path of a bundle; empty for the agent's usual trust */
    static S3Trust of(String verify, Network network) {
        return switch (verify.toLowerCase(Locale.ROOT)) {
            case "", "true", "yes", "on", "1" -> new S3Trust(network.sslContext(), true);
            case "false", "no", "off", "0" -> new S3Trust(context(new TrustManager[] {new Unchecked()}), false);
            default -> new S3Trust(context(authorities(ValueTypes.PATH.parse(verify))), true);
        };
    }

    private static SSLContext context(TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static TrustManager[] authorities(Path bundle) {
        try (InputStream in = Files.newInputStream(bundle)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "the bundle of certificates '" + bundle + "' cannot be read: " + e.getMessage()
                            + "; correct 'verify' in sdk.aws.s3",
                    e);
        }
    }

    /** The user has switched the checks off. */
    private static final class Unchecked implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
