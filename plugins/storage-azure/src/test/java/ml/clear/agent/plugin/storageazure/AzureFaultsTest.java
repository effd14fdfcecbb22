// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.FaultyServer;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import ml.clear.agent.testkit.WebStorageFaultsContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of a store that fails, which no real one gives on request. */
class AzureFaultsTest extends WebStorageFaultsContract {

    private static final StorageAddress OBJECT =
            StorageAddress.parse("azure://account.blob.core.windows.net/container/object");

    @TempDir
    private Path scratch;

    @Override
    protected StorageBackend backend(URI server, SSLContext trust, Duration stall, Path folder) {
        TestSettings settings = TestSettings.defaults()
                .with(
                        AzureSettings.CONTAINERS,
                        List.of(Map.of(
                                "account_name", "account", "account_key", "a2V5", "endpoint", server + "/account")));
        return AzureStorage.of(TestContext.in(folder).with(settings).with(new DirectNetwork(trust)), stall);
    }

    @Override
    protected StorageAddress object(URI server) {
        return OBJECT;
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of(
                "Content-Range", "bytes 0-%d/%d".formatted(FaultyServer.SIZE - 1, FaultyServer.SIZE),
                "ETag", "\"7\"",
                "Last-Modified", "Fri, 27 Nov 2026 12:00:00 GMT",
                "x-ms-blob-type", "BlockBlob",
                "x-ms-version", "2025-01-05");
    }

    @Test
    void aBodyThatBreaksOffIsNotAskedForAgainByTheClient() throws Exception {
        try (FaultyServer server = FaultyServer.start();
                StorageBackend storage = backend(
                        URI.create(server.address()), SSLContext.getDefault(), Duration.ofMinutes(1), scratch)) {
            server.describe(headers());
            server.fail(FaultyServer.Fault.CUT_OFF);
            try (ObjectContent content = storage.read(OBJECT, ByteRange.ALL)) {
                assertThatThrownBy(() -> content.stream().readAllBytes()).isInstanceOf(IOException.class);
            }

            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | ServerBusy                      | busy                         | THROTTLED           | the store answers 503 ServerBusy: too many requests",
                "429 | TooManyRequests                 | slow down                    | THROTTLED           | too many requests",
                "500 | InternalError                   | no                           | SERVER_UNAVAILABLE  | the store answers 500 InternalError",
                "403 | AuthenticationFailed            | Request date header too old  | CREDENTIALS_REFUSED | set the clock of this machine",
                "403 | AuthenticationFailed            | signature did not match      | CREDENTIALS_REFUSED | check account_key or sas_token of the entry for account 'account'",
                "403 | AuthorizationPermissionMismatch | no                           | ACCESS_DENIED       | and what they allow",
                "404 | BlobNotFound                    | no                           | NOT_FOUND           | check the address",
                "404 | ContainerNotFound               | no                           | NOT_FOUND           | there is no container 'container'",
                "400 | Md5Mismatch                     | no                           | DAMAGED             | it was damaged on its way",
                "412 | ConditionNotMet                 | no                           | CONFLICT            | is not as it was expected, so it is not replaced",
            })
    void everyAnswerHasItsCodeAndItsWords(int status, String reason, String message, ErrorCode code, String words)
            throws Exception {
        try (FaultyServer server = FaultyServer.start();
                StorageBackend storage = backend(
                        URI.create(server.address()), SSLContext.getDefault(), Duration.ofMinutes(1), scratch)) {
            server.refuse(
                    status,
                    Map.of("x-ms-error-code", reason, "Content-Type", "application/xml"),
                    "<?xml version=\"1.0\"?><Error><Code>" + reason + "</Code><Message>" + message
                            + "</Message></Error>");

            assertThatThrownBy(() -> storage.write(OBJECT, ObjectSource.of(new byte[10]), WriteCondition.NONE))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code))
                    .hasMessageContaining(words)
                    .hasMessageContaining("'" + OBJECT + "'")
                    .hasMessageNotContaining("a2V5");
        }
    }
}
