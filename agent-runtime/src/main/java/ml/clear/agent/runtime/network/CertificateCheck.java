// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** The value of {@code api.verify_certificate}: true, false, or the path of a bundle that is trusted as well. */
public sealed interface CertificateCheck {

    /** Certificates are checked against the usual authorities. */
    record Usual() implements CertificateCheck {}

    /**
     * Certificates are checked against the usual authorities and those of a bundle.
     *
     * @param file PEM file, or a folder of them
     */
    record Bundle(Path file) implements CertificateCheck {
        /** Checks for absence. */
        public Bundle {
            Objects.requireNonNull(file);
        }
    }

    /** Nothing is checked: an attacker on the network can read and change the traffic. */
    record None() implements CertificateCheck {}

    /** Reads the value of the key: a truth value in any case, or a path; empty counts as true. */
    static CertificateCheck parse(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "", "true", "yes", "on", "1" -> new Usual();
            case "false", "no", "off", "0" -> new None();
            default -> new Bundle(Path.of(value.strip()));
        };
    }
}
