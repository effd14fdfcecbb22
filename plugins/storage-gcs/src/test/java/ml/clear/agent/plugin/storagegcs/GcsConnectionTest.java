// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.NoCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.FaultyServer;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, with which credentials, over how many connections. */
class GcsConnectionTest {

    private static final StorageAddress OBJECT = StorageAddress.parse("gs://bucket/object");
    private static String privateKey;

    @TempDir
    private Path folder;

    private StubGoogle google;

    @BeforeAll
    static void makeKey() throws Exception {
        byte[] key = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        privateKey = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(key)
                + "\\n-----END PRIVATE KEY-----\\n";
    }

    @BeforeEach
    void start() throws Exception {
        google = StubGoogle.start();
    }

    @AfterEach
    void stop() {
        google.close();
    }

    private String account() {
        return """
                {"type": "service_account", "project_id": "p", "private_key_id": "1", "private_key": "%s",
                 "client_email": "agent@p.example.com", "client_id": "2", "token_uri": "%s/token"}
                """.formatted(privateKey, google.address());
    }

    private GcsStorage storage(TestSettings settings) {
        return storage(settings, google.address(), Duration.ofMinutes(1));
    }

    private GcsStorage storage(TestSettings settings, String address, Duration timeout) {
        return GcsStorage.of(
                TestContext.in(folder).with(settings).with(Map.of("STORAGE_EMULATOR_HOST", address)), timeout);
    }

    private String authorization(TestSettings settings) throws Exception {
        try (GcsStorage storage = storage(settings)) {
            storage.stat(OBJECT);
        }
        String request = google.requests().getLast();
        return request.substring(
                request.lastIndexOf("Bearer") < 0 ? request.lastIndexOf(' ') + 1 : request.lastIndexOf("Bearer"));
    }

    @Test
    void theCredentialsAreAPathOrTheContentOfTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("account.json"), account());
        TestSettings none = TestSettings.defaults();

        assertThat(authorization(none.with(GcsSettings.CREDENTIALS_JSON, file.toString())))
                .isEqualTo("Bearer " + StubGoogle.TOKEN);
        assertThat(authorization(none.with(GcsSettings.CREDENTIALS_JSON, account())))
                .isEqualTo("Bearer " + StubGoogle.TOKEN);
        assertThat(authorization(none)).isEqualTo("null");
    }

    @Test
    void theCredentialsOfTheEntrySignForItsBucket() throws Exception {
        TestSettings settings = TestSettings.defaults()
                .with(
                        GcsSettings.CREDENTIALS,
                        List.of(Map.of("bucket", "bucket", "credentials_json", account(), "project", "p")));

        assertThat(authorization(settings)).isEqualTo("Bearer " + StubGoogle.TOKEN);
    }

    @Test
    void withoutCredentialsTheApplicationDefaultOnesSign() throws Exception {
        Path home = folder.resolve("home");
        Path file = home.resolve(".config/gcloud/application_default_credentials.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, account());
        String before = System.getProperty("user.home");
        System.setProperty("user.home", home.toString());
        try {
            assertThat(GcsCredentials.of("", false, GcsConnectionTest::noTransport))
                    .isInstanceOfSatisfying(
                            ServiceAccountCredentials.class,
                            found -> assertThat(found.getClientEmail()).isEqualTo("agent@p.example.com"));
            assertThat(GcsCredentials.of("", true, GcsConnectionTest::noTransport))
                    .as("an emulator")
                    .isInstanceOf(NoCredentials.class);
        } finally {
            System.setProperty("user.home", before);
        }
    }

    private static HttpTransport noTransport() {
        throw new AssertionError("nothing is asked");
    }

    @Test
    void theProjectIsThatOfTheClient() {
        TestSettings settings = TestSettings.defaults().with(GcsSettings.PROJECT, "the-project");
        TestContext context =
                TestContext.in(folder).with(settings).with(Map.of("STORAGE_EMULATOR_HOST", "localhost:1"));
        try (GcsClients clients =
                new GcsClients(settings, new DirectNetwork(), context.environment(), Duration.ofSeconds(1))) {
            assertThat(clients.of(GcsAccess.of(OBJECT, settings)).getOptions().getProjectId())
                    .isEqualTo("the-project");
            assertThat(clients.host()).isEqualTo("http://localhost:1");
        }
    }

    @Test
    void conditionsAreGenerations() throws Exception {
        try (GcsStorage storage = storage(TestSettings.defaults())) {
            storage.write(OBJECT, ObjectSource.of(new byte[1]), WriteCondition.ABSENT);
            storage.write(OBJECT, ObjectSource.of(new byte[1]), new WriteCondition.Matches("42"));
            try (var parts = storage.writeInParts(OBJECT, 1, new WriteCondition.Matches("43"))
                    .orElseThrow()) {
                parts.send(1, ObjectSource.of(new byte[1]));
                parts.complete();
            }
        }

        assertThat(google.requests())
                .anyMatch(request -> request.contains("ifGenerationMatch=0"))
                .anyMatch(request -> request.contains("ifGenerationMatch=42"))
                .anyMatch(request -> request.contains("/compose") && request.contains("ifGenerationMatch=43"));
    }

    @Test
    void aKeyThatGoogleDoesNotKnowIsRefusedAndNamesTheSetting() {
        google.refuseTokens(400, "Invalid JWT Signature.");

        failsForWantOfAToken(
                ErrorCode.CREDENTIALS_REFUSED,
                "no token for 'gs://bucket/object': Invalid JWT Signature.; check credentials_json");
    }

    @Test
    void aClockThatIsWrongIsNamed() {
        google.refuseTokens(
                400,
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");

        failsForWantOfAToken(
                ErrorCode.CREDENTIALS_REFUSED, "the clock of this machine differs too much from Google's, set it");
    }

    private void failsForWantOfAToken(ErrorCode code, String words) {
        TestSettings settings = TestSettings.defaults().with(GcsSettings.CREDENTIALS_JSON, account());
        try (GcsStorage storage = storage(settings)) {
            assertThatThrownBy(() -> storage.stat(OBJECT))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code))
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("PRIVATE KEY")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void credentialsThatCannotBeReadNameTheirFileAndShowNoContent() throws Exception {
        Path broken = Files.writeString(
                folder.resolve("broken.json"), "{\"type\": \"unknown\", \"private_key\": \"secret\"}");
        for (String text :
                List.of(folder.resolve("none.json").toString(), broken.toString(), Files.readString(broken))) {
            TestSettings settings = TestSettings.defaults().with(GcsSettings.CREDENTIALS_JSON, text);
            try (GcsStorage storage = storage(settings)) {
                assertThatThrownBy(() -> storage.stat(OBJECT))
                        .isInstanceOfSatisfying(
                                AgentException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CREDENTIALS_REFUSED))
                        .hasMessageContaining("cannot be read")
                        .hasMessageEndingWith("correct 'credentials_json'")
                        .hasMessageNotContaining("secret");
            }
        }
    }

    @Test
    void noMoreConnectionsAreMadeThanConfigured() throws Exception {
        for (var setting : List.of(GcsSettings.CONNECTIONS, GcsSettings.CONNECTIONS_TO_HOST)) {
            try (FaultyServer server = FaultyServer.start();
                    GcsStorage storage =
                            storage(TestSettings.defaults().with(setting, 1), server.address(), Duration.ofSeconds(1));
                    ObjectContent _ = storage.read(OBJECT, ByteRange.ALL)) {
                assertThatThrownBy(() -> storage.read(OBJECT, ByteRange.ALL))
                        .isInstanceOfSatisfying(
                                AgentException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE));
                assertThat(server.requests()).hasSize(1);
            }
        }
    }
}
