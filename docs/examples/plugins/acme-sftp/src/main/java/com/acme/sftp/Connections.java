package com.acme.sftp;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import ml.clear.agent.api.storage.StorageAddress;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/**
 * One connection for each user and server, which all threads share: requests of SFTP are numbered, so many may be under way.
 * A connection that was lost is replaced at the next call.
 */
final class Connections implements AutoCloseable {

    private static final int USUAL_PORT = 22;

    private final SftpSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, SftpClient> open = new HashMap<>();
    private SshClient client;

    Connections(SftpSettings settings) {
        this.settings = settings;
    }

    SftpClient to(StorageAddress address) throws IOException, InterruptedException {
        lock.lockInterruptibly(); // threads that want the same server wait for one connection
        try {
            SftpClient known = open.get(address.authority());
            if (known != null && known.isOpen()) {
                return known;
            }
            SftpClient connected = connect(address.authority());
            open.put(address.authority(), connected);
            return connected;
        } finally {
            lock.unlock();
        }
    }

    private SftpClient connect(String authority) throws IOException {
        int at = authority.lastIndexOf('@');
        String user = at < 0 ? settings.user() : authority.substring(0, at);
        String server = authority.substring(at + 1);
        int colon = server.lastIndexOf(':');
        String host = colon < 0 ? server : server.substring(0, colon);
        int port = colon < 0 ? USUAL_PORT : Integer.parseInt(server.substring(colon + 1));
        ClientSession session =
                client().connect(user, host, port).verify(settings.timeout()).getSession();
        try {
            session.auth().verify(settings.timeout());
            return SftpClientFactory.instance().createSftpClient(session).singleSessionInstance();
        } catch (IOException | RuntimeException e) {
            session.close(true);
            throw e;
        }
    }

    private SshClient client() {
        if (client == null) {
            SshClient made = SshClient.setUpDefaultClient();
            made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
            made.setKeyIdentityProvider(new FileKeyPairProvider(settings.key()));
            made.setServerKeyVerifier(
                    new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, settings.knownHosts()));
            CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, settings.timeout().dividedBy(2));
            CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, 2);
            SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(made, settings.timeout());
            made.start();
            client = made;
        }
        return client;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (SftpClient each : open.values()) {
                try {
                    each.close();
                } catch (IOException e) {
                    // the connection is lost, which is what is wanted
                }
            }
            open.clear();
            if (client != null) {
                client.stop();
                client = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
