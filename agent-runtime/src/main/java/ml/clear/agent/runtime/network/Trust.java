// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the two kinds of trust. */
final class Trust {

    private static final System.Logger LOG = System.getLogger(Trust.class.getName());

    private Trust() {}

    /** Trust in every certificate that these authorities signed. */
    static X509TrustManager in(Collection<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            return managerOf(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot check certificates", e);
        }
    }

    /** The authorities that come with this Java; none when its file was left out of the image. */
    static X509Certificate[] ofThisJava() {
        try {
            return managerOf(null).getAcceptedIssuers();
        } catch (GeneralSecurityException e) {
            LOG.log(System.Logger.Level.DEBUG, "this Java brings no authorities", e);
            return new X509Certificate[0];
        }
    }

    /** Trust in every server, with a warning in the log. */
    static X509TrustManager inEverybody() {
        LOG.log(
                System.Logger.Level.WARNING,
                "api.verify_certificate is false: the certificate of the server is not checked; name the bundle of its"
                        + " authority instead");
        return new Everybody();
    }

    private static X509TrustManager managerOf(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }

    /** Checks nothing; extends the class that knows the connection, so that Java does not check names around it either. */
    private static final class Everybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String method) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String method, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
