// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Where authorities come from: this Java, the system's bundle, what the usual variables name, what the configuration names.
 * They add up. The system is asked although Java has a store, since our image is the same on every machine and a site adds
 * its private authority to the system.
 */
final class CertificateSources {

    private static final System.Logger LOG = System.getLogger(CertificateSources.class.getName());

    /** Debian and its kin, Red Hat and its kin, SUSE, OpenELEC and older Red Hats, Alpine and the BSDs. */
    private static final List<Path> SYSTEM_BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/pki/tls/cacert.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private static final List<String> VARIABLES =
            List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR");

    private final CertificateCheck check;
    private final Map<String, String> environment;

    CertificateSources(CertificateCheck check, Map<String, String> environment) {
        this.check = check;
        this.environment = Map.copyOf(environment);
    }

    /** All of them, each once. */
    Set<X509Certificate> certificates() {
        Set<X509Certificate> all = new LinkedHashSet<>(List.of(Trust.ofThisJava()));
        Set<Path> read = new LinkedHashSet<>();
        SYSTEM_BUNDLES.stream().filter(Files::isReadable).findFirst().ifPresent(bundle -> addSystem(all, read, bundle));
        VARIABLES.forEach(variable -> addVariable(all, read, variable));
        if (check instanceof CertificateCheck.Bundle(Path file)) {
            addConfigured(all, file);
        }
        return all;
    }

    private static void addSystem(Set<X509Certificate> all, Set<Path> read, Path bundle) {
        addOrWarn(all, bundle, "the system's bundle");
        read.add(bundle);
        // the folder around it holds the same certificates again, one a file
        read.add(bundle.getParent());
    }

    private void addVariable(Set<X509Certificate> all, Set<Path> read, String variable) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            return;
        }
        try {
            Path file = Path.of(value);
            if (read.add(file)) {
                addOrWarn(all, file, variable);
            }
        } catch (InvalidPathException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is ''{1}'', which is no path: {2}",
                    variable,
                    value,
                    e.getMessage());
        }
    }

    private static void addOrWarn(Set<X509Certificate> all, Path file, String origin) {
        try {
            all.addAll(PemCertificates.read(file));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} names ''{1}'', which is not read: {2}",
                    origin,
                    file,
                    e.toString());
        }
    }

    private static void addConfigured(Set<X509Certificate> all, Path file) {
        try {
            List<X509Certificate> found = PemCertificates.read(file);
            if (found.isEmpty()) {
                throw new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "api.verify_certificate names '" + file
                                + "', which holds no certificate; it must be a bundle in PEM form");
            }
            all.addAll(found);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "api.verify_certificate names '" + file
                            + "', which cannot be read; give true, false or the path of a bundle in PEM form",
                    e);
        }
    }
}
