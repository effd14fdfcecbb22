// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which callers may call this server. A web site can resolve its own name to the loopback address; the
 * browser then treats the server as part of that site. Addresses, and names that only this machine defines, cannot be
 * misused in this way.
 */
final class HostNames {

    private static final System.Logger LOG = System.getLogger(HostNames.class.getName());
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    /** Names of the host inside containers; public names cannot be registered below these. */
    private static final List<String> CONTAINER_HOSTS = List.of("host.docker.internal", "host.containers.internal");

    private final Set<String> names = new HashSet<>(CONTAINER_HOSTS);

    /**
     * The names of a server.
     *
     * @param listening where it listens; the names of this machine count only beyond loopback
     * @param more further names of this server
     */
    HostNames(InetSocketAddress listening, List<String> more) {
        names.add("localhost");
        names.add(listening.getHostString().toLowerCase(Locale.ROOT));
        more.forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT)));
        if (!listening.getAddress().isLoopbackAddress()) {
            addMachine();
        }
    }

    private void addMachine() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            names.add(name);
            names.add(name + ".local");
            names.add(InetAddress.getLocalHost().getCanonicalHostName().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot find out the name of this machine", e);
        }
    }

    /** Whether a {@code Host} header names this server. */
    boolean known(String header) {
        String host = PORT.matcher(header.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        return LITERAL.matcher(host).matches() || host.endsWith(".localhost") || names.contains(host);
    }
}
