// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;

/** The address under which others reach the ports that containers of this machine publish. */
final class HostAddress {

    private static final String FORCED = "CLEARML_AGENT_FORCE_HOST_MACHINE_IP";
    private static final int ANY_PORT = 9;

    private HostAddress() {}

    /**
     * The address that the environment names, else the local address of the route to the server; nothing is sent.
     *
     * @param environment the agent's own variables
     * @param server the address of the server; empty for none
     */
    static String of(Map<String, String> environment, String server) {
        String forced = environment.getOrDefault(FORCED, "").strip();
        if (!forced.isEmpty()) {
            return forced;
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            String host = server.isEmpty() ? "" : URI.create(server).getHost();
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), ANY_PORT));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException | RuntimeException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
