// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * What secures the connection to an engine, under the names that docker's own client uses: the authority {@code ca.pem}, and
 * our {@code cert.pem} with its {@code key.pem}.
 *
 * @param folder the folder with the files
 */
record EngineCertificates(Path folder) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (?<kind>[A-Z0-9 ]*PRIVATE KEY)-----(?<body>.*?)-----END ", Pattern.DOTALL);

    /** PKCS #8 up to the key: version 0, the algorithm rsaEncryption without parameters. */
    private static final byte[] RSA_KEY_FOLLOWS = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int LONG_LENGTH = 0x82;
    private static final char[] NO_PASSWORD = {};

    /** @throws AgentException {@code CONFIGURATION_INVALID} for a file that is missing or cannot be used */
    SSLContext context() {
        try {
            KeyStore trusted = empty();
            int number = 0;
            for (Certificate authority : certificates("ca.pem")) {
                trusted.setCertificateEntry("ca-" + number++, authority);
            }
            KeyStore own = empty();
            own.setKeyEntry(
                    "client", key(), NO_PASSWORD, certificates("cert.pem").toArray(Certificate[]::new));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "the certificates for the engine in '" + folder + "' cannot be used: " + e
                            + "; ca.pem, cert.pem and key.pem are needed, DOCKER_CERT_PATH names their folder",
                    e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private Collection<? extends Certificate> certificates(String file) throws IOException, GeneralSecurityException {
        byte[] content = Files.readAllBytes(folder.resolve(file));
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
    }

    private PrivateKey key() throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(Files.readString(folder.resolve("key.pem"), StandardCharsets.US_ASCII));
        String kind = found.find() ? found.group("kind") : "";
        return switch (kind) {
            case "PRIVATE KEY" -> decoded(content(found));
            case "RSA PRIVATE KEY" -> decoded(wrapped(content(found)));
            default ->
                throw new GeneralSecurityException(
                        "key.pem holds no key in the form PKCS #8; 'openssl pkcs8 -topk8 -nocrypt' converts it");
        };
    }

    private static byte[] content(Matcher key) {
        return Base64.getMimeDecoder().decode(key.group("body"));
    }

    /** The algorithm is part of the form, but Java wants it named. */
    private static PrivateKey decoded(byte[] key) throws GeneralSecurityException {
        PKCS8EncodedKeySpec form = new PKCS8EncodedKeySpec(key);
        for (String algorithm : new String[] {"RSA", "EC"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(form);
            } catch (GeneralSecurityException e) {
                // of the other algorithm
            }
        }
        return KeyFactory.getInstance("EdDSA").generatePrivate(form);
    }

    /** An RSA key in the older form, which openssl wrote before version 3, as PKCS #8. */
    private static byte[] wrapped(byte[] key) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_KEY_FOLLOWS);
        inner.writeBytes(element(OCTETS, key));
        return element(SEQUENCE, inner.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(LONG_LENGTH);
        element.write(content.length >> Byte.SIZE);
        element.write(content.length);
        element.writeBytes(content);
        return element.toByteArray();
    }
}
