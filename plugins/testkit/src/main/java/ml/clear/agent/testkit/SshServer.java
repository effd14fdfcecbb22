// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * OpenSSH's server on the loopback interface, with SFTP, for the user of the test and one key. Needs {@code /usr/sbin/sshd} and
 * {@code ssh-keygen}; without them the test is skipped, or fails if the system property {@code require.real} is true.
 */
public final class SshServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    private final Path folder;
    private final ServerProcess process;

    private SshServer(Path folder, ServerProcess process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Start a server.
     *
     * @param folder an existing folder of the test, for keys, configuration and log
     */
    public static SshServer start(Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            if (Boolean.getBoolean("require.real")) {
                throw new AssertionError(PROGRAM + " is missing; install the package openssh-server");
            }
            Assumptions.abort("the package openssh-server is missing");
        }
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(PRIVILEGE_SEPARATION); // which the package's own service makes
        }
        makeKey(folder.resolve("host"));
        makeKey(folder.resolve("user"));
        int port = ServerProcess.freePort();
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("host.pub")));
        Path configuration = Files.write(
                folder.resolve("sshd_config"),
                List.of(
                        "ListenAddress 127.0.0.1:" + port,
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("user.pub"),
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PidFile none",
                        "StrictModes no",
                        "Subsystem sftp internal-sftp"));
        return new SshServer(
                folder,
                ServerProcess.start(
                        List.of(PROGRAM.toString(), "-D", "-e", "-f", configuration.toString()),
                        Map.of(),
                        port,
                        folder.resolve("log")));
    }

    /** A new key without passphrase in {@code file}, its public part beside it. */
    public static void makeKey(Path file) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
                .inheritIO()
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("ssh-keygen cannot make '" + file + "'");
        }
    }

    /** Where it listens. */
    public int port() {
        return process.port();
    }

    /** The private key that opens it. */
    public Path userKey() {
        return folder.resolve("user");
    }

    /** Its own key, in the format of {@code known_hosts}. */
    public Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    /** End all connections; it still accepts new ones. */
    public void endConnections() {
        process.endChildren();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
