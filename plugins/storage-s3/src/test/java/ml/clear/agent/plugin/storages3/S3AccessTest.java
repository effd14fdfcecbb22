// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class S3AccessTest {

    private static final TestSettings GENERAL = TestSettings.defaults()
            .with(S3Settings.KEY, "general")
            .with(S3Settings.SECRET_KEY, "general-secret")
            .with(S3Settings.REGION, "eu-north-1");

    private static S3Access access(TestSettings settings, String address) {
        return S3Access.of(StorageAddress.parse(address), settings);
    }

    private static TestSettings entries(Map<?, ?>... entries) {
        return GENERAL.with(S3Settings.CREDENTIALS, List.of(entries));
    }

    @Test
    void generalKeysAreForBucketsWithoutAnEntry() {
        S3Access access = access(entries(Map.of("bucket", "other", "key", "k")), "s3://data/folder/a");

        assertThat(access.place()).isEqualTo(new S3Location("", "data", "folder/a"));
        assertThat(access.key()).isEqualTo("general");
        assertThat(access.secret().reveal()).isEqualTo("general-secret");
        assertThat(access.region()).isEqualTo("eu-north-1");
        assertThat(access.endpoint()).isEmpty();
    }

    @Test
    void theEntryOfABucketWinsAndTheLongestFolderWinsAmongThem() {
        TestSettings settings = entries(
                Map.of("bucket", "data", "key", "bucket", "secret", "s", "region", "us-west-2"),
                Map.of("bucket", "data", "subdir", "models/", "key", "models", "secret", "s"),
                Map.of("bucket", "data", "subdir", "/models/large", "key", "large", "secret", "s", "acl", "private"));

        assertThat(access(settings, "s3://data/a").key()).isEqualTo("bucket");
        assertThat(access(settings, "s3://data/a").region()).isEqualTo("us-west-2");
        assertThat(access(settings, "s3://data/models/a").key()).isEqualTo("models");
        assertThat(access(settings, "s3://data/models/a").region()).isEqualTo("eu-north-1");
        assertThat(access(settings, "s3://data/models/large/a").key()).isEqualTo("large");
        assertThat(access(settings, "s3://data/models/large/a").acl()).isEqualTo("private");
        assertThat(access(settings, "s3://data/models-old/a").key()).isEqualTo("bucket");
    }

    @Test
    void anEntryWithoutAKeyHasTheGeneralOneAndItsOwnRegion() {
        S3Access access = access(entries(Map.of("bucket", "data", "region", "us-west-2")), "s3://data/a");

        assertThat(access.key()).isEqualTo("general");
        assertThat(access.region()).isEqualTo("us-west-2");
    }

    @Test
    void theChainOfAnEntryTakesThePlaceOfGeneralKeys() {
        S3Access access = access(entries(Map.of("bucket", "data", "use_credentials_chain", "true")), "s3://data/a");

        assertThat(access.key()).isEmpty();
        assertThat(access.chain()).isTrue();
        assertThat(access.isAnonymous()).isFalse();
    }

    @Test
    void anAuthorityWithAPortOrWithAnEntryIsAHost() {
        TestSettings settings = entries(
                Map.of("host", "minio:9000", "key", "host", "secret", "s", "secure", "false", "multipart", "no"),
                Map.of("host", "store.example.com", "key", "k", "verify", "/etc/ca.pem"));

        S3Access minio = access(settings, "s3://minio:9000/bucket/a/b");
        assertThat(minio.place()).isEqualTo(new S3Location("minio:9000", "bucket", "a/b"));
        assertThat(minio.endpoint()).isEqualTo("http://minio:9000");
        assertThat(minio.key()).isEqualTo("host");
        assertThat(minio.multipart()).isFalse();
        assertThat(access(settings, "s3://minio:9001/bucket/a").key()).isEqualTo("general");
        assertThat(access(settings, "s3://minio:9001/bucket/a").endpoint()).isEqualTo("https://minio:9001");
        assertThat(access(settings, "s3://store.example.com/bucket/a").place().bucket())
                .isEqualTo("bucket");
        assertThat(access(settings, "s3://store.example.com/bucket/a").verify()).isEqualTo("/etc/ca.pem");
    }

    @Test
    void withoutAnyKeyRequestsAreNotSigned() {
        assertThat(access(TestSettings.defaults(), "s3://data/a").isAnonymous()).isTrue();
        assertThat(access(TestSettings.defaults().with(S3Settings.CHAIN, true), "s3://data/a")
                        .isAnonymous())
                .isFalse();
    }

    @Test
    void anAddressWithoutABucketIsRefused() {
        assertThatThrownBy(() -> access(GENERAL, "s3://minio:9000/"))
                .hasMessage("'s3://minio:9000/' names no bucket; write s3://bucket/key, or s3://host:port/bucket/key");
    }

    @Test
    void limitsOfTransfersAreConfigured() {
        TestSettings settings = TestSettings.defaults()
                .with(S3Settings.CONCURRENCY, 3)
                .with(S3Settings.PART_SIZE, "10MiB")
                .with(S3Settings.THRESHOLD, "20MiB");

        assertThat(S3Parts.limits(settings)).isEqualTo(new TransferLimits(20 << 20, 10 << 20, 3));
        assertThat(S3Parts.limits(TestSettings.defaults().with(S3Settings.PART_SIZE, "1KiB"))
                        .partSize())
                .isEqualTo(5 << 20);
    }

    @Test
    void clientsNeverShowTheirSecrets() {
        assertThat(access(GENERAL, "s3://data/a").clientKey().toString()).doesNotContain("secret");
        assertThat(access(GENERAL, "s3://data/a").toString()).doesNotContain("general-secret");
    }
}
