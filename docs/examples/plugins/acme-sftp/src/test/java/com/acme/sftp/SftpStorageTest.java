package com.acme.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.testkit.SshServer;
import ml.clear.agent.testkit.StorageBackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite of stores against OpenSSH's server. */
class SftpStorageTest extends StorageBackendContract {

    @TempDir
    private static Path server;

    @TempDir
    private Path folder;

    private static SshServer sshd;
    private static SftpStorage storage;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        sshd = SshServer.start(server);
        storage = storage(sshd.userKey(), sshd.knownHosts());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        storage.close();
        sshd.close();
    }

    private static SftpStorage storage(Path key, Path knownHosts) {
        return new SftpStorage(new Connections(
                new SftpSettings(System.getProperty("user.name"), key, knownHosts, Duration.ofSeconds(30))));
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse("sftp://127.0.0.1:" + sshd.port() + folder.resolve("place"));
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsRefused() throws Exception {
        Path other = folder.resolve("other");
        SshServer.makeKey(other);

        fails(storage(other, sshd.knownHosts()), ErrorCode.CREDENTIALS_REFUSED, "agent.acme_sftp.key");
    }

    @Test
    void aServerThatIsNotKnownGetsNothing() throws Exception {
        Path nothing = Files.createFile(folder.resolve("known"));

        fails(storage(sshd.userKey(), nothing), ErrorCode.STORAGE_FAILED, "agent.acme_sftp.known_hosts");
    }

    @Test
    void aLostConnectionIsReplaced() throws Exception {
        try (SftpStorage own = storage(sshd.userKey(), sshd.knownHosts())) {
            assertThat(own.stat(place())).isEmpty();
            sshd.endConnections();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) { // until the end of the connection has arrived
                            own.stat(place());
                        }
                    })
                    .isInstanceOf(AgentException.class);
            assertThat(own.stat(place())).isEmpty();
        }
    }

    private void fails(SftpStorage storage, ErrorCode code, String words) {
        try (storage) {
            assertThatThrownBy(() -> storage.stat(place())).isInstanceOfSatisfying(AgentException.class, failure -> {
                assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
                assertThat(failure).hasMessageContaining(words);
            });
        }
    }
}
