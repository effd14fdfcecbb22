// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;

/**
 * A certificate of a host, {@code localhost} unless a test says otherwise, that no system trusts.
 *
 * @param tls serves with it, and trusts it
 * @param certificate the certificate as a file
 */
public record PrivateAuthority(SSLContext tls, Path certificate) {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "own";

    /** A new one, with files in a folder. */
    public static PrivateAuthority in(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        return in(folder, "localhost");
    }

    /** A new one for a host, with files in a folder that holds no other one. */
    public static PrivateAuthority in(Path folder, String host)
            throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore keys = generated(folder.resolve("authority.p12"), host);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate(ALIAS).getEncoded());
        Path file = Files.writeString(
                folder.resolve("authority.pem"),
                "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
        return new PrivateAuthority(tls, file);
    }

    private static KeyStore generated(Path store, String host)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> key = List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC");
        List<String> name = List.of("-dname", "CN=" + host, "-ext", "SAN=dns:" + host);
        List<String> place = List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString());
        CommandResult made = new ProcessCommandRunner(System.getenv())
                .run(Command.of(keytool.toString())
                        .arguments(key)
                        .arguments(name)
                        .arguments(place)
                        .build());
        assertThat(made.exitCode()).as(made.output() + made.errors()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        return keys;
    }
}
