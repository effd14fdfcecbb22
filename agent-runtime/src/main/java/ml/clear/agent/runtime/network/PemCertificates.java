// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Reads certificates in PEM format and ignores the text between them. A broken certificate is skipped and logged. */
final class PemCertificates {

    private static final System.Logger LOG = System.getLogger(PemCertificates.class.getName());

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private PemCertificates() {}

    /** The certificates in a file, or in the files of a folder. */
    static List<X509Certificate> read(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return parse(place, Files.readString(place, StandardCharsets.ISO_8859_1));
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(place)) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        List<X509Certificate> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(parse(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
        }
        return all;
    }

    private static List<X509Certificate> parse(Path file, String text) {
        CertificateFactory factory = factory();
        List<X509Certificate> certificates = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int end = text.indexOf(END, begin);
            if (end < 0) {
                break;
            }
            try {
                byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
            } catch (CertificateException | IllegalArgumentException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "certificate {0} of ''{1}'' is left out: {2}",
                        certificates.size() + 1,
                        file,
                        e.getMessage());
            }
            begin = text.indexOf(BEGIN, end);
        }
        return certificates;
    }

    private static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("this Java cannot read certificates", e);
        }
    }
}
