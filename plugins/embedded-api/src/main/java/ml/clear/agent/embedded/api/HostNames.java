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
 * The names by which callers may call this server. A web site can let its own name lead to the loopback address; to the browser
 * the server then is a part of that site. Addresses cannot be abused so, nor names that this machine alone gives.
 */
final class HostNames {

    private static final System.Logger LOG = System.getLogger(HostNames.class.getName());
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    /** How containers call their host; nobody can register names below these. */
    private static final List<String> CONTAINER_HOSTS = List.of("host.docker.internal", "host.containers.internal");

    private final Set<String> names = new HashSet<>(CONTAINER_HOSTS);

    /**
     * The names of a server.
     *
     * @param listening where it listens; the names of this machine count only beyond loopback
     * @param more other names that lead here
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
