// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

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

class GcsAccessTest {

    private static final TestSettings SETTINGS = TestSettings.defaults()
            .with(GcsSettings.PROJECT, "general-project")
            .with(GcsSettings.CREDENTIALS_JSON, "general.json")
            .with(
                    GcsSettings.CREDENTIALS,
                    List.of(
                            Map.of("bucket", "models", "credentials_json", "models.json", "project", "of-models"),
                            Map.of("bucket", "models", "subdir", "/large/", "credentials_json", "large.json"),
                            Map.of("bucket", "plain", "multipart", "false")));

    private static GcsAccess access(String address) {
        return GcsAccess.of(StorageAddress.parse(address), SETTINGS);
    }

    @Test
    void theEntryOfABucketWinsAndTheLongestFolderWinsAmongThem() {
        assertThat(access("gs://models/a/b").credentials().reveal()).isEqualTo("models.json");
        assertThat(access("gs://models/large/b").credentials().reveal()).isEqualTo("large.json");
        assertThat(access("gs://models/large").credentials().reveal()).isEqualTo("large.json");
        assertThat(access("gs://models/larger/b").credentials().reveal()).isEqualTo("models.json");
    }

    @Test
    void whatAnEntryDoesNotSayTheGeneralKeysDo() {
        assertThat(access("gs://models/a").project()).isEqualTo("of-models");
        assertThat(access("gs://models/large/a").project()).isEqualTo("general-project");
        assertThat(access("gs://plain/a").credentials().reveal()).isEqualTo("general.json");
        assertThat(access("gs://other/a").credentials().reveal()).isEqualTo("general.json");
        assertThat(access("gs://other/a").project()).isEqualTo("general-project");
    }

    @Test
    void partsLieInTheFolderThatTheCredentialsAreFor() {
        assertThat(access("gs://models/large/b").scope()).isEqualTo("large/");
        assertThat(access("gs://models/a").scope()).isEmpty();
    }

    @Test
    void anEntryMayForbidParts() {
        assertThat(access("gs://plain/a").multipart()).isFalse();
        assertThat(access("gs://models/a").multipart()).isTrue();
    }

    @Test
    void anAddressWithoutBucketIsRefused() {
        assertThatThrownBy(() -> access("gs:///a")).hasMessageEndingWith("names no bucket; write gs://bucket/key");
    }

    @Test
    void noMorePartsAreUnderWayThanThereAreConnections(@TempDir Path folder) {
        try (GcsStorage one = GcsStorage.of(
                        TestContext.in(folder).with(TestSettings.defaults().with(GcsSettings.CONNECTIONS_TO_HOST, 3)));
                GcsStorage two = GcsStorage.of(
                        TestContext.in(folder).with(TestSettings.defaults().with(GcsSettings.CONNECTIONS, 2)))) {
            StorageAddress place = StorageAddress.parse("gs://b/a");

            assertThat(one.limits(place).concurrency()).isEqualTo(3);
            assertThat(two.limits(place).concurrency()).isEqualTo(2);
        }
    }
}
