// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameUserTest {

    private static final InetSocketAddress CALLER = end("127.0.0.1", 0xC350);
    private static final InetSocketAddress HERE = end("127.0.0.1", 0x1F48);

    @TempDir
    Path tables;

    private static InetSocketAddress end(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String line(String from, String to, String state, int user) {
        return "   3: " + from + " " + to + " " + state + " 00000000:00000000 00:00000000 00000000  " + user
                + "        0 123456 1 0000000000000000 20 4 30 10 -1\n";
    }

    private SameUser listing(String table, String lines) throws IOException {
        Files.writeString(tables.resolve("tcp"), "  sl  local_address rem_address   st\n");
        Files.writeString(tables.resolve(table), "  sl  local_address rem_address   st\n" + lines);
        return new SameUser(tables, 1000);
    }

    @Test
    void callerIsTheUserOfTheFarEnd() throws IOException {
        String near = line("0100007F:1F48", "0100007F:C350", "01", 1000);
        SameUser own = listing("tcp", near + line("0100007F:C350", "0100007F:1F48", "01", 1000));
        assertThat(own.connected(CALLER, HERE)).isTrue();
        SameUser other = listing("tcp", near + line("0100007F:C350", "0100007F:1F48", "01", 1001));
        assertThat(other.connected(CALLER, HERE)).isFalse();
    }

    @Test
    void connectionsOfWideSocketsAreFound() throws IOException {
        SameUser mapped = listing(
                "tcp6",
                line("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:1F48", "01", 1000));
        assertThat(mapped.connected(CALLER, HERE)).isTrue();
        SameUser wide = listing(
                "tcp6",
                line("00000000000000000000000001000000:C350", "00000000000000000000000001000000:1F48", "01", 1000));
        assertThat(wide.connected(end("::1", 0xC350), end("::1", 0x1F48))).isTrue();
    }

    @Test
    void otherMachinesAndUnknownConnectionsAreNobody() throws IOException {
        SameUser closed = listing("tcp", line("0100007F:C350", "0100007F:1F48", "06", 1000));
        assertThat(closed.connected(CALLER, HERE)).isFalse();
        SameUser far = listing("tcp", line("0102A8C0:C350", "0100007F:1F48", "01", 1000));
        assertThat(far.connected(end("192.168.2.1", 0xC350), HERE)).isFalse();
    }

    @Test
    void thisProcessIsRecognized() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket listening = new ServerSocket(0, 1, loopback);
                Socket caller = new Socket(loopback, listening.getLocalPort());
                Socket accepted = listening.accept()) {
            InetSocketAddress from = (InetSocketAddress) caller.getLocalSocketAddress();
            InetSocketAddress here = (InetSocketAddress) accepted.getLocalSocketAddress();
            assertThat(SameUser.ofThisProcess().connected(from, here)).isTrue();
        }
    }
}
