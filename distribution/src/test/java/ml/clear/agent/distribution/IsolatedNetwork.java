// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A network namespace that reaches one address and no other: this machine's end of the cable, where a proxy, tinyproxy,
 * listens. It has no route and no name server.
 */
final class IsolatedNetwork implements AutoCloseable {

    private final String name = "agent-" + ProcessHandle.current().pid();
    private final String cable = "agt" + ProcessHandle.current().pid();
    private final Path folder;
    private final String outer;
    private final String outerElsewhere;
    private final Process proxy;

    IsolatedNetwork(Path folder) throws Exception {
        this.folder = folder;
        int block = (int) (ProcessHandle.current().pid() % 250) + 1;
        outer = "10.219." + block + ".1";
        outerElsewhere = "10.220." + block + ".1";
        try {
            ip("netns", "add", name);
            ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
            ip("address", "add", outer + "/30", "dev", cable);
            ip("address", "add", outerElsewhere + "/32", "dev", cable);
            ip("link", "set", cable, "up");
            ip("-netns", name, "address", "add", "10.219." + block + ".2/30", "dev", "eth0");
            ip("-netns", name, "link", "set", "eth0", "up");
            ip("-netns", name, "link", "set", "lo", "up");
            proxy = startProxy();
        } catch (Exception | Error e) {
            removeNamespace();
            throw e;
        }
    }

    /** An address of this machine that only the proxy can reach. */
    String outside() {
        return outerElsewhere;
    }

    String proxyAddress() {
        return "http://" + outer + ":" + proxyPort();
    }

    /** A command as it is run inside. */
    List<String> inside(List<String> command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", name), command.stream())
                .toList();
    }

    String proxyLog() {
        try {
            return Files.readString(folder.resolve("proxy.log"));
        } catch (IOException e) {
            throw new AssertionError("the proxy keeps no log", e);
        }
    }

    private static int proxyPort() {
        return 18888;
    }

    private Process startProxy() throws Exception {
        Path configuration = Files.writeString(
                folder.resolve("proxy.conf"), """
                Port %d
                Listen %s
                Timeout 600
                LogFile "%s"
                LogLevel Connect
                MaxClients 100
                """.formatted(proxyPort(), outer, folder.resolve("proxy.log")));
        Process started = new ProcessBuilder("tinyproxy", "-d", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("proxy.out").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(outer, proxyPort()));
                return started;
            } catch (IOException e) {
                if (!started.isAlive() || System.nanoTime() > end) {
                    started.destroyForcibly();
                    throw new AssertionError(
                            "tinyproxy does not listen: " + Files.readString(folder.resolve("proxy.out")), e);
                }
                Thread.sleep(20);
            }
        }
    }

    private void ip(String... arguments) {
        Shell.Finished finished = Shell.in(folder)
                .start(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList())
                .finish();
        assertThat(finished.status())
                .as(List.of(arguments) + ": " + finished.err())
                .isZero();
    }

    private void removeNamespace() {
        // The cable goes with it.
        Shell.in(folder).run("ip", "netns", "delete", name);
    }

    @Override
    public void close() {
        proxy.destroy();
        removeNamespace();
    }
}
