// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.PrivateAuthority;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, and how connections are made. */
class S3ConnectionTest {

    @TempDir
    private Path folder;

    private String authorization(TestSettings settings, StubStore server) throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        server.answer(exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
            exchange.sendResponseHeaders(200, -1);
        });
        try (S3Storage storage = S3Storage.of(TestContext.in(folder).with(settings))) {
            storage.stat(server.address("object"));
        }
        return sent.getFirst();
    }

    @Test
    void requestsAreSignedForTheRegionWithTheKeyAndTheToken() throws Exception {
        try (StubStore server = StubStore.start()) {
            Map<String, String> entry =
                    Map.of("key", "the-key", "secret", "the-secret", "token", "the-token", "region", "eu-west-3");

            assertThat(authorization(server.settings(entry), server))
                    .contains("Credential=the-key/")
                    .contains("/eu-west-3/s3/")
                    .endsWith(" the-token")
                    .doesNotContain("the-secret");
        }
    }

    @Test
    void theDigestsOfAnUploadGoBeforeItsUnchangedBytes() throws Exception {
        byte[] content = "some content".getBytes(StandardCharsets.US_ASCII);
        List<String> received = new CopyOnWriteArrayList<>();
        try (StubStore server = StubStore.start();
                S3Storage storage = S3Storage.of(TestContext.in(folder)
                        .with(server.settings(Map.of("key", "the-key", "secret", "the-secret"))))) {
            server.answer(exchange -> {
                for (String header : List.of("x-amz-content-sha256", "x-amz-checksum-crc32", "Content-Length")) {
                    received.add(exchange.getRequestHeaders().getFirst(header));
                }
                received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
                exchange.sendResponseHeaders(200, -1);
            });

            storage.write(server.address("object"), ObjectSource.of(content), WriteCondition.NONE);
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        assertThat(received)
                .containsExactly(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
                        Base64.getEncoder()
                                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                                        .putInt((int) crc.getValue())
                                        .array()),
                        String.valueOf(content.length),
                        "some content");
    }

    @Test
    void theProfileOfTheCredentialsFileSigns() throws Exception {
        Path file = Files.writeString(folder.resolve("credentials"), """
                [team]
                aws_access_key_id = key-of-the-team
                aws_secret_access_key = secret-of-the-team
                """);
        System.setProperty("aws.sharedCredentialsFile", file.toString());
        try (StubStore server = StubStore.start()) {
            TestSettings general = server.settings(Map.of()).with(S3Settings.PROFILE, "team");

            assertThat(authorization(general, server)).contains("Credential=key-of-the-team/");
        } finally {
            System.clearProperty("aws.sharedCredentialsFile");
        }
    }

    @Test
    void theChainOfAwsIsAskedWhenConfigured() throws Exception {
        System.setProperty("aws.accessKeyId", "key-of-the-chain");
        System.setProperty("aws.secretAccessKey", "secret-of-the-chain");
        try (StubStore server = StubStore.start()) {
            assertThat(authorization(server.settings(Map.of()).with(S3Settings.CHAIN, true), server))
                    .contains("Credential=key-of-the-chain/");
            assertThat(authorization(server.settings(Map.of()), server)).startsWith("null");
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void theGeneralTokenBelongsToTheGeneralKey() throws Exception {
        try (StubStore server = StubStore.start()) {
            TestSettings settings = server.settings(Map.of())
                    .with(S3Settings.KEY, "general")
                    .with(S3Settings.SECRET_KEY, "secret")
                    .with(S3Settings.TOKEN, "general-token");

            assertThat(authorization(settings, server))
                    .contains("Credential=general/")
                    .endsWith(" general-token");
        }
    }

    @Test
    void aStoreThatDoesNotAnswerIsGivenUpAfterTheReadTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (StubStore server = StubStore.start()) {
            server.answer(exchange -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            TestSettings settings = server.settings(Map.of()).with(S3Settings.READ_TIMEOUT, "200ms");
            try (S3Storage storage = S3Storage.of(TestContext.in(folder).with(settings))) {
                assertThatThrownBy(() -> storage.stat(server.address("a")))
                        .isInstanceOfSatisfying(
                                AgentException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                        .hasMessageContaining("timed out");
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void noMoreConnectionsAreMadeThanConfigured() throws Exception {
        try (StubStore server = StubStore.start()) {
            server.answer(exchange -> {
                exchange.sendResponseHeaders(200, 1 << 24);
                exchange.getResponseBody().write(new byte[1 << 24]);
            });
            TestSettings settings =
                    server.settings(Map.of()).with(S3Settings.CONNECTIONS, 1).with(S3Settings.CONNECT_TIMEOUT, "300ms");
            try (S3Storage storage = S3Storage.of(TestContext.in(folder).with(settings));
                    ObjectContent _ = storage.read(server.address("a"), ByteRange.ALL)) {
                assertThatThrownBy(() -> storage.read(server.address("b"), ByteRange.ALL))
                        .isInstanceOfSatisfying(
                                AgentException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE));
            }
        }
    }

    @Test
    void certificatesAreCheckedAsConfigured() throws Exception {
        PrivateAuthority authority = PrivateAuthority.in(folder);
        try (StubStore server = StubStore.secured(authority.tls())) {
            assertThat(reaches(server, Map.of("verify", authority.certificate().toString())))
                    .isTrue();
            assertThat(reaches(server, Map.of("verify", "false"))).isTrue();
            assertThatThrownBy(() -> reaches(server, Map.of()))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                    .hasMessageStartingWith("no trusted connection to '" + server.host() + "': ")
                    .hasMessageContaining("name its authority in 'verify' of its entry in sdk.aws.s3.credentials");
            assertThatThrownBy(() -> reaches(
                            server, Map.of("verify", folder.resolve("none.pem").toString())))
                    .hasMessageContaining("the bundle of certificates")
                    .hasMessageEndingWith("correct 'verify' in sdk.aws.s3");
        }
    }

    private boolean reaches(StubStore server, Map<String, String> entry) throws Exception {
        try (S3Storage storage = S3Storage.of(TestContext.in(folder).with(server.settings(entry)))) {
            return storage.stat(server.address("a")).isPresent();
        }
    }
}
