// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.ServerProcess;
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

/** Against the emulator of Azure Storage, which checks signatures. */
@Tag("thorough")
class AzureStorageIT extends StorageBackendContract {

    private static final String VERSION = "3.37.0";
    private static final String ACCOUNT = "testaccount";
    private static final String KEY = "dGhlIGtleSBvZiB0aGUgdGVzdCBhY2NvdW50";

    private static final AtomicInteger PLACES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static ServerProcess server;

    private final String place = "place " + PLACES.incrementAndGet();
    private StorageBackend storage;

    @BeforeAll
    static void startServer() throws Exception {
        Path program = InstalledProgram.of(
                "azurite-" + VERSION,
                "node_modules/azurite/dist/src/blob/main.js",
                to -> List.of(
                        "npm", "install", "--no-fund", "--no-audit", "--prefix", to.toString(), "azurite@" + VERSION),
                _ -> Map.of());
        int port = ServerProcess.freePort();
        server = ServerProcess.start(
                List.of(
                        "node",
                        program.toString(),
                        "--silent",
                        "--skipApiVersionCheck",
                        "--disableTelemetry",
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        String.valueOf(port),
                        "--location",
                        folder.resolve("blobs").toString()),
                Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY),
                port,
                folder.resolve("azurite.log"));
        new BlobServiceClientBuilder()
                .endpoint(endpoint())
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .buildClient()
                .createBlobContainer("container");
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static String endpoint() {
        return "http://127.0.0.1:" + server.port() + "/" + ACCOUNT;
    }

    @BeforeEach
    void create() {
        storage = storage(Map.of("account_key", KEY));
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static AzureStorage storage(Map<String, String> members) {
        Map<String, Object> entry = new HashMap<>(Map.of("account_name", ACCOUNT, "endpoint", endpoint()));
        entry.putAll(members);
        return AzureStorage.of(
                TestContext.in(folder).with(TestSettings.defaults().with(AzureSettings.CONTAINERS, List.of(entry))));
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse("azure://" + ACCOUNT + ".blob.core.windows.net/container/" + place);
    }

    private static void fails(AzureStorage storage, StorageAddress object, ErrorCode code, String words) {
        try (storage) {
            assertThatThrownBy(() -> storage.read(object, ByteRange.ALL))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code))
                    .hasMessageContaining(words)
                    .hasMessageNotContaining(KEY);
        }
    }

    @Test
    void aWrongKeyIsRefusedAndNamesTheEntry() {
        fails(
                storage(Map.of("account_key", "YW5vdGhlcg==")),
                place().resolve("a"),
                ErrorCode.ACCESS_DENIED, // the emulator answers AuthorizationFailure, Azure AuthenticationFailed
                "check account_key or sas_token of the entry for account '" + ACCOUNT
                        + "' in sdk.azure.storage.containers");
    }

    @Test
    void aMissingContainerIsToldFromAMissingBlob() {
        StorageAddress elsewhere = StorageAddress.parse("azure://" + ACCOUNT + ".blob.core.windows.net/none/a");

        assertThatThrownBy(() -> storage.write(elsewhere, ObjectSource.of(new byte[1]), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageStartingWith("there is no container 'none'");
    }

    @Test
    void aSharedAccessSignatureOpensTheAccount() throws Exception {
        String signature = new BlobServiceClientBuilder()
                .endpoint(endpoint())
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .buildClient()
                .generateAccountSas(new AccountSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                        AccountSasPermission.parse("rwdlc"),
                        new AccountSasService().setBlobAccess(true),
                        AccountSasResourceType.parse("sco")));
        try (AzureStorage signed = storage(Map.of("sas_token", signature))) {
            signed.write(place().resolve("signed"), ObjectSource.of(new byte[3]), WriteCondition.NONE);

            assertThat(storage.stat(place().resolve("signed"))).isPresent();
        }
    }
}
