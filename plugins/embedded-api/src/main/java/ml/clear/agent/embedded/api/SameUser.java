// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Recognizes callers on this machine that run as the user of this server. Linux lists the other end of a loopback connection
 * with the id of its user. Such a caller can read the key pair in the data folder anyway.
 *
 * @param tables the folder with the kernel's tables of connections
 * @param user the id of the server's user
 */
record SameUser(Path tables, long user) {

    private static final System.Logger LOG = System.getLogger(SameUser.class.getName());
    private static final String ESTABLISHED = "01";
    private static final int WORD = 4;

    /** What a proxy adds: its own user says nothing about who sent the request. */
    private static final List<String> FORWARDED =
            List.of("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP");

    /** The rule for this process; no caller is recognized where the system does not say which user runs it. */
    static SameUser ofThisProcess() {
        Path self = Path.of("/proc/self");
        try {
            return new SameUser(self.resolve("net"), ((Number) Files.getAttribute(self, "unix:uid")).longValue());
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot find out the user of this process", e);
            return new SameUser(self.resolve("net"), -1);
        }
    }

    /** Whether a request comes directly from a process of the same user on this machine. */
    boolean sent(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        return FORWARDED.stream().noneMatch(headers::containsKey)
                && connected(exchange.getRemoteAddress(), exchange.getLocalAddress());
    }

    /** Whether the far end of a loopback connection belongs to the user. */
    boolean connected(InetSocketAddress caller, InetSocketAddress here) {
        return caller.getAddress().isLoopbackAddress()
                && here.getAddress().isLoopbackAddress()
                && Stream.of("tcp", "tcp6").anyMatch(table -> lists(table, caller, here));
    }

    private boolean lists(String table, InetSocketAddress caller, InetSocketAddress here) {
        boolean wide = table.endsWith("6");
        String from = entry(caller, wide);
        String to = entry(here, wide);
        try (Stream<String> lines = Files.lines(tables.resolve(table))) {
            return lines.map(line -> line.strip().split("\\s+", -1))
                    .anyMatch(fields -> fields.length > 7
                            && fields[1].equals(from)
                            && fields[2].equals(to)
                            && fields[3].equals(ESTABLISHED)
                            && fields[7].equals(Long.toString(user)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot read the table of connections", e);
            return false;
        }
    }

    /** An end of a connection as the tables write it: words of the address in the machine's order of bytes, then the port. */
    private static String entry(InetSocketAddress end, boolean wide) {
        byte[] address = address(end.getAddress(), wide);
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < address.length; word += WORD) {
            for (int i = WORD - 1; i >= 0; i--) {
                text.append(HexFormat.of().withUpperCase().toHexDigits(address[word + i]));
            }
        }
        return text + ":" + String.format(Locale.ROOT, "%04X", end.getPort());
    }

    private static byte[] address(InetAddress address, boolean wide) {
        byte[] bytes = address.getAddress();
        if (!wide || !(address instanceof Inet4Address)) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(bytes, 0, mapped, 12, bytes.length);
        return mapped;
    }
}
