// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that an operator trusts to sign plugins. With any of them, a jar or zip that was not part of the
 * distribution is used only when a file of its name with {@code .sig} after it holds a signature of its bytes by one of the
 * keys: SHA-256 with RSA or ECDSA, or Ed25519, as {@code openssl} makes them.
 */
public final class TrustedKeys {

    private static final String SUFFIX = ".sig";
    private static final int BLOCK = 1 << 16;

    private final List<PublicKey> keys;

    private TrustedKeys(List<PublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Read keys.
     *
     * @param files PEM files, each with one public key or certificate; none: nothing is checked
     * @throws AgentException {@code CONFIGURATION_INVALID} when a file holds none
     */
    public static TrustedKeys read(List<Path> files) {
        List<PublicKey> keys = new ArrayList<>();
        files.forEach(file -> keys.add(key(file)));
        return new TrustedKeys(keys);
    }

    /** Where the signature of a file is. */
    public static Path signatureOf(Path file) {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }

    /** Whether plugins need a signature at all. */
    public boolean required() {
        return !keys.isEmpty();
    }

    /**
     * Check a jar or zip.
     *
     * @throws AgentException {@code PLUGIN_UNUSABLE} when no trusted key has signed it
     */
    public void check(Path file) {
        if (!required()) {
            return;
        }
        Path signature = signatureOf(file);
        if (Files.isDirectory(file)) {
            throw refused("a folder cannot carry a signature", "install the plugin as a signed jar or zip");
        }
        if (!Files.isRegularFile(signature)) {
            throw refused(
                    "it has no signature '" + signature.getFileName() + "' beside it",
                    "get it from the author of the plugin");
        }
        try {
            byte[] bytes = Files.readAllBytes(signature);
            for (PublicKey key : keys) {
                if (signed(file, bytes, key)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw refused("'" + file + "' cannot be checked: " + e, "check the file and its permissions");
        }
        throw refused(
                "its signature '" + signature.getFileName() + "' is of none of the keys of agent.plugins.trusted_keys",
                "add the key of the plugin's author if you trust it");
    }

    private static boolean signed(Path file, byte[] signature, PublicKey key) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            Signature check = Signature.getInstance(algorithm(key));
            check.initVerify(key);
            byte[] block = new byte[BLOCK];
            for (int count = content.read(block); count >= 0; count = content.read(block)) {
                check.update(block, 0, count);
            }
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a signature of another form: by another kind of key
        }
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
    }

    private static PublicKey key(Path file) {
        try {
            String pem = Files.readString(file);
            if (pem.contains("BEGIN CERTIFICATE")) {
                try (InputStream stream = Files.newInputStream(file)) {
                    return CertificateFactory.getInstance("X.509")
                            .generateCertificate(stream)
                            .getPublicKey();
                }
            }
            String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            X509EncodedKeySpec encoded =
                    new X509EncodedKeySpec(Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII)));
            for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePublic(encoded);
                } catch (GeneralSecurityException e) {
                    // A key of another kind.
                }
            }
            throw noKey(file, null);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw noKey(file, e);
        }
    }

    private static AgentException noKey(Path file, @Nullable Exception cause) {
        return new AgentException(
                ErrorCode.CONFIGURATION_INVALID,
                "agent.plugins.trusted_keys names '" + file
                        + "', which holds no public key; it needs a PEM file with an"
                        + " RSA, EC or Ed25519 key or a certificate",
                cause);
    }

    private static AgentException refused(String cause, String remedy) {
        return new AgentException(ErrorCode.PLUGIN_UNUSABLE, cause + "; " + remedy);
    }
}
