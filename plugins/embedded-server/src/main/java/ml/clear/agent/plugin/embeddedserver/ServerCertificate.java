// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * The certificate that the server serves https with.
 *
 * @param context the certificate, ready to serve with
 * @param toTrust the file that clients must trust; absent for a certificate that was given
 */
record ServerCertificate(SSLContext context, Optional<Path> toTrust) {

    private static final String CERTIFICATE = "certificate.pem";
    private static final String KEY = "certificate.key";
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    /** The certificate that the server of a data folder created, if any. */
    static Optional<Path> made(Path folder) {
        return Optional.of(folder.resolve(CERTIFICATE)).filter(Files::exists);
    }

    /**
     * The certificate of the given files, or otherwise the server's own one, created when it is missing or expires.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when the files hold no certificate and key
     */
    static ServerCertificate of(ServerSettings.TlsFiles files, Path folder, Set<String> names, InstantSource clock)
            throws IOException {
        Path certificate = files.certificate().orElse(folder.resolve(CERTIFICATE));
        Path key = files.key().orElse(folder.resolve(KEY));
        try {
            if (files.certificate().isEmpty() && !usable(certificate, key, clock)) {
                make(certificate, key, names, clock);
            }
            return new ServerCertificate(
                    context(chain(certificate), privateKey(key)),
                    files.certificate().isPresent() ? Optional.empty() : Optional.of(certificate));
        } catch (GeneralSecurityException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "cannot serve https with '" + certificate + "' and '" + key + "': " + e.getMessage(),
                    e);
        }
    }

    private static boolean usable(Path certificate, Path key, InstantSource clock)
            throws IOException, GeneralSecurityException {
        return Files.exists(certificate)
                && Files.exists(key)
                && ((X509Certificate) chain(certificate)[0])
                        .getNotAfter()
                        .toInstant()
                        .isAfter(clock.instant().plus(RENEW_BEFORE));
    }

    private static void make(Path certificate, Path key, Set<String> names, InstantSource clock)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] encoded = SelfSigned.certificate(
                pair,
                names,
                clock.instant().minus(Duration.ofHours(1)),
                clock.instant().plus(LIFE));
        OwnerOnly.replace(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        OwnerOnly.replace(certificate, pem("CERTIFICATE", encoded));
    }

    private static byte[] pem(String label, byte[] content) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return ("-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .toArray(new Certificate[0]);
        if (chain.length == 0) {
            throw new GeneralSecurityException("the first file holds no certificate");
        }
        return chain;
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        String begin = "-----BEGIN PRIVATE KEY-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (start < 0 || end < start) {
            throw new GeneralSecurityException("the second file holds no unencrypted private key in the form PKCS#8;"
                    + " convert it with: openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
        InvalidKeySpecException failure = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                failure = e; // a key of another algorithm
            }
        }
        throw new GeneralSecurityException("the private key is of none of the algorithms " + ALGORITHMS, failure);
    }

    private static SSLContext context(Certificate[] chain, PrivateKey key)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, new char[0], chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** The names and addresses under which this machine can be reached. */
    static Set<String> names(String host, List<String> more) throws IOException {
        Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1", "host.docker.internal"));
        names.addAll(more);
        List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getByName(host)));
        if (addresses.getFirst().isAnyLocalAddress()) {
            addresses.clear();
            NetworkInterface.networkInterfaces()
                    .forEach(network -> network.inetAddresses().forEach(addresses::add));
        }
        addresses.forEach(address -> names.add(address.getHostAddress().replaceFirst("%.*", "")));
        names.add(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        return names;
    }
}
