// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes a certificate that an elliptic key signs for itself, as RFC 5280 defines it: the JDK reads certificates but
 * creates none. It is marked as an authority, since strict clients would not trust it otherwise.
 */
final class SelfSigned {

    // Object identifiers, encoded.
    private static final byte[] ECDSA_WITH_SHA256 = hex("06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] SUBJECT_KEY = hex("0603551d0e");
    private static final byte[] KEY_USAGE = hex("0603551d0f");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
    private static final byte[] BASIC_CONSTRAINTS = hex("0603551d13");
    private static final byte[] AUTHORITY_KEY = hex("0603551d23");
    private static final byte[] EXTENDED_USAGE = hex("0603551d25");
    private static final byte[] SERVER_AUTHENTICATION = hex("06082b06010505070301");

    private static final byte[] TRUE = hex("0101ff");
    /** digitalSignature and keyCertSign. */
    private static final byte[] USAGE_BITS = hex("03020284");

    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSigned() {}

    /** The certificate of a key for names and addresses, encoded. */
    static byte[] certificate(KeyPair pair, Set<String> names, Instant from, Instant to)
            throws GeneralSecurityException {
        byte[] algorithm = sequence(ECDSA_WITH_SHA256);
        byte[] name = sequence(value(
                SET, sequence(COMMON_NAME, value(UTF8, "ClearML embedded server".getBytes(StandardCharsets.UTF_8)))));
        byte[] serial = new byte[16];
        new SecureRandom().nextBytes(serial);
        byte[] body = sequence(
                value(0xa0, hex("020102")),
                value(INTEGER, new BigInteger(1, serial).toByteArray()),
                algorithm,
                name,
                sequence(time(from), time(to)),
                name,
                pair.getPublic().getEncoded(),
                value(0xa3, extensions(pair, names)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return sequence(body, algorithm, value(BITS, join(new byte[1], signature.sign())));
    }

    private static byte[] extensions(KeyPair pair, Set<String> names) throws GeneralSecurityException {
        byte[] keyId =
                MessageDigest.getInstance("SHA-1").digest(pair.getPublic().getEncoded());
        return sequence(
                sequence(BASIC_CONSTRAINTS, TRUE, value(OCTETS, sequence(TRUE))),
                sequence(KEY_USAGE, TRUE, value(OCTETS, USAGE_BITS)),
                sequence(EXTENDED_USAGE, value(OCTETS, sequence(SERVER_AUTHENTICATION))),
                sequence(SUBJECT_KEY, value(OCTETS, value(OCTETS, keyId))),
                sequence(AUTHORITY_KEY, value(OCTETS, sequence(value(0x80, keyId)))),
                sequence(ALTERNATIVE_NAMES, value(OCTETS, alternatives(names))));
    }

    private static byte[] alternatives(Set<String> names) throws GeneralSecurityException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            all.writeBytes(
                    ADDRESS.matcher(name).matches()
                            ? value(0x87, address(name))
                            : value(0x82, name.getBytes(StandardCharsets.US_ASCII)));
        }
        return value(SEQUENCE, all.toByteArray());
    }

    private static byte[] address(String literal) throws GeneralSecurityException {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new GeneralSecurityException("'" + literal + "' is no address", e);
        }
    }

    private static byte[] time(Instant instant) {
        return value(TIME, UTC_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, join(parts));
    }

    /** A value with its tag and its length. */
    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int leading = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - leading);
            out.write(length, leading, length.length - leading);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
