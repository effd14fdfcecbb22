// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.S3Server;
import ml.clear.agent.testkit.StorageBackendContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class S3StorageIT extends StorageBackendContract {

    private static final AtomicInteger PLACES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static S3Server server;

    private final String place = "place " + PLACES.incrementAndGet();
    private StorageBackend storage;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start(folder);
        server.bucket("bucket");
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void create() {
        storage = storage(Map.of());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    /** With an entry for the server whose members these replace; an empty text takes one away. */
    private static S3Storage storage(Map<String, Object> members) {
        return storage(server.host(), members);
    }

    private static S3Storage storage(String host, Map<String, Object> members) {
        Map<String, Object> entry =
                new HashMap<>(Map.of("host", host, "key", S3Server.KEY, "secret", S3Server.SECRET, "secure", "false"));
        entry.putAll(members);
        return S3Storage.of(
                TestContext.in(folder).with(TestSettings.defaults().with(S3Settings.CREDENTIALS, List.of(entry))));
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse("s3://" + server.host() + "/bucket/" + place);
    }

    private static void fails(S3Storage storage, StorageAddress object, ErrorCode code, String words) {
        try (storage) {
            assertThatThrownBy(() -> storage.read(object, ByteRange.ALL))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code))
                    .hasMessageContaining(words)
                    .hasMessageNotContaining(S3Server.SECRET);
            assertThatThrownBy(() -> storage.stat(object)).hasMessageContaining(words);
        }
    }

    @Test
    void aWrongSecretIsRefusedAndNamesTheEntry() {
        fails(
                storage(Map.of("secret", "another")),
                place().resolve("a"),
                ErrorCode.CREDENTIALS_REFUSED,
                "the store answers 403 SignatureDoesNotMatch; check sdk.aws.s3.key and sdk.aws.s3.secret, or an entry of"
                        + " sdk.aws.s3.credentials for host '" + server.host() + "'");
    }

    @Test
    void withoutCredentialsTheMessageSaysSo() {
        fails(
                storage(Map.of("key", "")),
                place().resolve("a"),
                ErrorCode.ACCESS_DENIED,
                "no credentials are configured: check sdk.aws.s3.key");
    }

    @Test
    void aMissingBucketIsToldFromAMissingObject() {
        StorageAddress elsewhere = StorageAddress.parse("s3://" + server.host() + "/no-such-bucket/a");

        assertThatThrownBy(() -> storage.write(elsewhere, ObjectSource.of(new byte[1]), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessage("there is no bucket 'no-such-bucket' for '" + elsewhere
                        + "'; create it, or correct the address");
    }

    @Test
    void aServerThatIsNotThereCannotBeReached() throws Exception {
        String host;
        try (ServerSocket free = new ServerSocket(0)) {
            host = "127.0.0.1:" + free.getLocalPort();
        }
        fails(
                storage(host, Map.of()),
                StorageAddress.parse("s3://" + host + "/bucket/a"),
                ErrorCode.SERVER_UNAVAILABLE,
                "'" + host + "' cannot be reached: ");
    }

    @Test
    void withoutMultipartEveryObjectIsOneRequest() throws Exception {
        try (S3Storage whole = storage(Map.of("multipart", "false"))) {
            assertThat(whole.writeInParts(place().resolve("a"), 100, WriteCondition.NONE))
                    .isEmpty();
        }
    }

    @Test
    void generalKeysReachAHostWithoutAnEntry() throws Exception {
        TestSettings settings = TestSettings.defaults()
                .with(S3Settings.KEY, S3Server.KEY)
                .with(S3Settings.SECRET_KEY, S3Server.SECRET)
                .with(S3Settings.SECURE, false);
        try (S3Storage general = S3Storage.of(TestContext.in(folder).with(settings))) {
            byte[] content = "general".getBytes(StandardCharsets.US_ASCII);
            general.write(place().resolve("general"), ObjectSource.of(content), WriteCondition.NONE);
            assertThat(storage.stat(place().resolve("general"))).isPresent();
        }
    }
}
