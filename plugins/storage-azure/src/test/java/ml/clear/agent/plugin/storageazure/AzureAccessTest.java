// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureAccessTest {

    private static final TestSettings SETTINGS = TestSettings.defaults()
            .with(AzureSettings.ACCOUNT, "general")
            .with(AzureSettings.KEY, "general-key")
            .with(
                    AzureSettings.CONTAINERS,
                    List.of(
                            Map.of("account_name", "one", "account_key", "of-the-account"),
                            Map.of("account_name", "one", "container_name", "models", "account_key", "of-models"),
                            Map.of("account_name", "two", "sas_token", "sas", "endpoint", "https://two.example.com")));

    private static AzureAccess access(String address) {
        return AzureAccess.of(
                StorageAddress.parse(address),
                SETTINGS,
                Map.of("AZURE_STORAGE_ACCOUNT", "variable", "AZURE_STORAGE_KEY", "of-the-variable"));
    }

    @Test
    void theEntryOfTheContainerWinsOverThatOfTheAccount() {
        AzureAccess data = access("azure://one.blob.core.windows.net/data/a/b");

        assertThat(data.container()).isEqualTo("data");
        assertThat(data.blob()).isEqualTo("a/b");
        assertThat(data.endpoint()).isEqualTo("https://one.blob.core.windows.net");
        assertThat(data.key().reveal()).isEqualTo("of-the-account");
        assertThat(access("azure://one.blob.core.windows.net/models/a").key().reveal())
                .isEqualTo("of-models");
    }

    @Test
    void generalKeysAndVariablesAreForTheirAccounts() {
        assertThat(access("azure://general.blob.core.windows.net/c/a").key().reveal())
                .isEqualTo("general-key");
        assertThat(access("azure://variable.blob.core.windows.net/c/a").key().reveal())
                .isEqualTo("of-the-variable");
        assertThat(access("azure://other.blob.core.windows.net/c/a").isAnonymous())
                .isTrue();
    }

    @Test
    void anEntryMayHaveASignatureAndAnEndpoint() {
        AzureAccess two = access("azure://two.blob.core.windows.net/c/a");

        assertThat(two.signature().reveal()).isEqualTo("sas");
        assertThat(two.endpoint()).isEqualTo("https://two.example.com");
    }

    @Test
    void anAddressWithoutContainerIsRefused() {
        assertThatThrownBy(() -> access("azure://one.blob.core.windows.net/"))
                .hasMessageEndingWith("names no container; write azure://account.blob.core.windows.net/container/key");
    }

    @Test
    void asManyConnectionsAsConfiguredAreUsed(@TempDir Path folder) {
        AzureStorage storage =
                AzureStorage.of(TestContext.in(folder).with(SETTINGS.with(AzureSettings.CONNECTIONS, 3)));

        assertThat(storage.limits(StorageAddress.parse("azure://one.blob.core.windows.net/c/a"))
                        .concurrency())
                .isEqualTo(3);
    }
}
