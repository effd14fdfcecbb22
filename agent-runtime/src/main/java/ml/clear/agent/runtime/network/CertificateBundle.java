// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * A file with all authorities that we trust, for programs that know one file only. A site's bundle often holds its own authority
 * alone: given that in place of the system's, pip could no longer reach a public index.
 */
final class CertificateBundle {

    private static final String NAME = "trusted-authorities.pem";
    private static final int PEM_LINE = 64;

    private CertificateBundle() {}

    /** Write the file unless it is there and the same; it appears whole, since others may be reading it. */
    static Path write(Collection<X509Certificate> authorities, Path folder) {
        Path file = folder.resolve(NAME);
        try {
            String text = pem(authorities);
            if (Files.exists(file) && Files.readString(file).equals(text)) {
                return file;
            }
            Files.createDirectories(folder);
            Path beside = Files.createTempFile(folder, NAME, ".new");
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException | CertificateEncodingException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot write the trusted authorities to '" + file + "': " + e + "; check agent.state_dir",
                    e);
        }
    }

    private static String pem(Collection<X509Certificate> authorities) throws CertificateEncodingException {
        Base64.Encoder lines = Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder text = new StringBuilder();
        for (X509Certificate authority : authorities) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(lines.encodeToString(authority.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return text.toString();
    }
}
