// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of a store that fails, which no real one gives on request. */
class S3FaultsTest {

    @TempDir
    private Path folder;

    private StubStore server;
    private S3Storage storage;
    private StorageAddress object;

    @BeforeEach
    void start() throws Exception {
        server = StubStore.start();
        object = server.address("object");
        storage = S3Storage.of(TestContext.in(folder).with(server.settings(Map.of("key", "k", "secret", "s"))));
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    private void refuse(int status, String code) {
        server.answer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body =
                    ("<Error><Code>" + code + "</Code><Message>no</Message></Error>").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | SlowDown             | THROTTLED           | the store answers 503 SlowDown: too many requests",
                "429 | TooManyRequests      | THROTTLED           | too many requests",
                "500 | InternalError        | SERVER_UNAVAILABLE  | the store answers 500 InternalError",
                "403 | RequestTimeTooSkewed | CREDENTIALS_REFUSED | the clock of this machine differs too much from that of the store, set it",
                "400 | ExpiredToken         | CREDENTIALS_REFUSED | the store answers 400 ExpiredToken; check sdk.aws.s3.key",
                "403 | InvalidAccessKeyId   | CREDENTIALS_REFUSED | the store answers 403 InvalidAccessKeyId; check sdk.aws.s3.key",
                "403 | AccessDenied         | ACCESS_DENIED       | the key is known, its owner must be given the right",
                "404 | NoSuchKey            | NOT_FOUND           | check the address",
                "400 | BadDigest            | DAMAGED             | it was damaged on its way",
                "412 | PreconditionFailed   | CONFLICT            | is not as it was expected, so it is not replaced",
            })
    void everyAnswerHasItsCodeAndItsWords(int status, String reason, ErrorCode code, String words) {
        refuse(status, reason);

        assertThatThrownBy(() -> storage.write(object, ObjectSource.of(new byte[10]), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(words)
                .hasMessageContaining("'" + object + "'");
    }

    @Test
    void aBodyThatIsCutOffIsAnErrorOfItsStream() throws Exception {
        server.answer(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("the server dies");
        });

        try (ObjectContent content = storage.read(object, ByteRange.ALL)) {
            assertThatThrownBy(() -> content.stream().readAllBytes()).isInstanceOf(IOException.class);
        }
    }
}
