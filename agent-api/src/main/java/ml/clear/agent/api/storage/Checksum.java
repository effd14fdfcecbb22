// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.util.HexFormat;
import java.util.Locale;
import ml.clear.agent.api.Stability;

/**
 * A digest of an object's whole content.
 *
 * @param algorithm how it was computed
 * @param hex its value in lower-case hexadecimal digits
 */
@Stability.Incubating(since = "0.1")
public record Checksum(Algorithm algorithm, String hex) {

    /** Brings the digits into lower case. */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
    }

    /** A checksum from its octets, most significant first. */
    public static Checksum of(Algorithm algorithm, byte[] value) {
        return new Checksum(algorithm, HexFormat.of().formatHex(value));
    }

    /** The algorithms that stores use. */
    public enum Algorithm {
        /** 16 octets. */
        MD5,
        /** The checksum of zip files, 4 octets. */
        CRC32,
        /** The Castagnoli checksum, 4 octets. */
        CRC32C,
        /** 20 octets. */
        SHA1,
        /** 32 octets. */
        SHA256
    }
}
