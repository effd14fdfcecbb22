// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.FaultyServer;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.WebStorageFaultsContract;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of a store that fails, which no real one gives on request. */
class GcsFaultsTest extends WebStorageFaultsContract {

    private static final StorageAddress OBJECT = StorageAddress.parse("gs://bucket/object");

    @TempDir
    private Path scratch;

    @Override
    protected StorageBackend backend(URI server, SSLContext trust, Duration stall, Path folder) {
        return GcsStorage.of(
                TestContext.in(folder)
                        .with(Map.of("STORAGE_EMULATOR_HOST", server.toString()))
                        .with(new DirectNetwork(trust)),
                stall);
    }

    @Override
    protected StorageAddress object(URI server) {
        return OBJECT;
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-goog-generation", "7", "x-goog-stored-content-length", String.valueOf(FaultyServer.SIZE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | backendError       | busy                               | SERVER_UNAVAILABLE  | the store answers 503 backendError",
                "500 | internalError      | no                                 | SERVER_UNAVAILABLE  | the store answers 500 internalError",
                "429 | rateLimitExceeded  | slow down                          | THROTTLED           | too many requests",
                "403 | rateLimitExceeded  | slow down                          | THROTTLED           | too many requests",
                "401 | authError          | Invalid Credentials                | CREDENTIALS_REFUSED | check credentials_json of the entry for bucket 'bucket' in sdk.google.storage.credentials",
                "403 | forbidden          | x does not have access             | ACCESS_DENIED       | give the account the right",
                "404 | notFound           | No such object: bucket/object      | NOT_FOUND           | check the address",
                "404 | notFound           | The specified bucket does not exist. | NOT_FOUND         | there is no bucket 'bucket'",
                "400 | invalid            | Provided CRC32C \\\"a\\\" doesn't match | DAMAGED          | it was damaged on its way",
                "412 | conditionNotMet    | Precondition Failed                | CONFLICT            | is not as it was expected, so it is not replaced",
            })
    void everyAnswerHasItsCodeAndItsWords(int status, String reason, String message, ErrorCode code, String words)
            throws Exception {
        try (StubGoogle google = StubGoogle.start();
                StorageBackend storage = backend(
                        URI.create(google.address()), SSLContext.getDefault(), Duration.ofMinutes(1), scratch)) {
            google.refuse(status, reason, message);

            assertThatThrownBy(() -> storage.write(OBJECT, ObjectSource.of(new byte[10]), WriteCondition.NONE))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code))
                    .hasMessageContaining(words)
                    .hasMessageContaining("'" + OBJECT + "'");
        }
    }
}
