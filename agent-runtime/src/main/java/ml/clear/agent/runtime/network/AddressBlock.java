// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses, such as {@code 10.0.0.0/8} or {@code fd00::/8}.
 *
 * @param network the bytes of an address in it; none for a block that cannot be read, which holds nothing
 * @param bits how many leading bits its addresses share
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, made and used within one call
record AddressBlock(byte[] network, int bits) {

    private static final AddressBlock NOTHING = new AddressBlock(new byte[0], 0);

    /** Reads a block. */
    static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = NoProxy.literal(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (address.isEmpty() || !length.matches("\\d{1,3}")) {
            return NOTHING;
        }
        byte[] bytes = address.get().getAddress();
        int bits = Integer.parseInt(length);
        return bits > bytes.length * 8 ? NOTHING : new AddressBlock(bytes, bits);
    }

    /** Whether an address lies in it. */
    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
