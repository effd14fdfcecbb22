// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.BYTES;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.NUMBER;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.config.Setting;

/**
 * Storage, as the Python package in the task's process reads it. The plugin of a store that reads a key too declares it, and
 * its declaration takes the place of the one here, which holds while the plugin is not installed.
 */
final class SdkStorageKeys {

    private SdkStorageKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.of(
                        "sdk.aws.boto3.connect_timeout",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofMinutes(1),
                        "Longest wait for a connection to S3")),
                of(Setting.of(
                        "sdk.aws.boto3.max_multipart_concurrency",
                        INTEGER,
                        16L,
                        "Most parts of one file under way to S3 at once")),
                of(Setting.of("sdk.aws.boto3.multipart_chunksize", BYTES, 8_388_608L, "Size of a part")),
                of(Setting.of(
                        "sdk.aws.boto3.multipart_threshold",
                        BYTES,
                        8_388_608L,
                        "Size from which a file goes to S3 in parts")),
                of(Setting.of("sdk.aws.boto3.pool_connections", INTEGER, 512L, "Most connections kept open to S3")),
                of(Setting.of(
                        "sdk.aws.boto3.read_timeout",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofMinutes(1),
                        "Longest wait for an answer of S3")),
                of(Setting.optional(
                        "sdk.aws.boto3.signature_version", TEXT, "Version of the signature of requests to S3")),
                of(Setting.optional(
                        "sdk.aws.boto3.stream_connections",
                        INTEGER,
                        "Most connections of one streamed transfer to S3")),
                of(Setting.of(
                        "sdk.aws.s3.credentials",
                        list(group(List.of(
                                Setting.optional("bucket", TEXT, "Bucket that the entry is for"),
                                Setting.optional("subdir", TEXT, "Folder in the bucket that the entry is for"),
                                Setting.optional("host", TEXT, "Host that the entry is for, with its port"),
                                Setting.optional("key", TEXT, "Access key"),
                                Setting.optional("secret", SECRET, "Secret key"),
                                Setting.optional("token", SECRET, "Session token"),
                                Setting.optional("profile", TEXT, "Profile of the credentials file of AWS"),
                                Setting.optional("region", TEXT, "Region of the bucket"),
                                Setting.optional("multipart", BOOLEAN, "Whether large files go in parts"),
                                Setting.optional("secure", BOOLEAN, "Whether the host is spoken to by https"),
                                Setting.optional("acl", TEXT, "Access rights of what is stored"),
                                Setting.optional(
                                        "verify",
                                        TEXT,
                                        "Whether certificates are checked: true, false, or the path of a bundle"),
                                Setting.optional(
                                        "use_credentials_chain",
                                        BOOLEAN,
                                        "Whether credentials are looked for where the tools of AWS look"),
                                Setting.optional("extra_args", ANY, "More arguments of transfers")))),
                        List.of(),
                        "Credentials of single buckets, or of hosts that speak the protocol of S3")),
                of(Setting.optional("sdk.aws.s3.extra_args", ANY, "More arguments of transfers, as boto3 names them")),
                of(Setting.optional("sdk.aws.s3.key", TEXT, "Access key for buckets without one of their own")
                        .environment("AWS_ACCESS_KEY_ID")),
                of(Setting.optional("sdk.aws.s3.profile", TEXT, "Profile of the credentials file of AWS")),
                of(Setting.optional("sdk.aws.s3.region", TEXT, "Region for buckets without one of their own")
                        .environment("AWS_DEFAULT_REGION")),
                of(Setting.optional("sdk.aws.s3.secret", SECRET, "Secret key for buckets without one of their own")
                        .environment("AWS_SECRET_ACCESS_KEY")),
                of(Setting.of(
                        "sdk.aws.s3.secure",
                        BOOLEAN,
                        true,
                        "Whether hosts that speak the protocol of S3 are reached by https")),
                of(Setting.optional("sdk.aws.s3.token", SECRET, "Session token that belongs to the key")),
                of(Setting.of(
                        "sdk.aws.s3.use_credentials_chain",
                        BOOLEAN,
                        false,
                        "Whether credentials are looked for where the tools of AWS look")),
                of(Setting.optional(
                        "sdk.aws.s3.verify",
                        TEXT,
                        "Whether certificates are checked: true, false, or the path of a bundle")),
                of(Setting.optional("sdk.azure.storage.account_key", SECRET, "Key of that account")),
                of(Setting.optional(
                        "sdk.azure.storage.account_name",
                        TEXT,
                        "Account of Azure for containers without one of their own")),
                of(
                        Setting.of(
                                "sdk.azure.storage.containers",
                                list(group(List.of(
                                        Setting.optional("account_name", TEXT, "Account of Azure"),
                                        Setting.optional("account_key", SECRET, "Key of the account"),
                                        Setting.optional(
                                                "container_name",
                                                TEXT,
                                                "Container that the entry is for; all of the account where absent")))),
                                List.of(),
                                "Credentials of containers of Azure Storage; the variables AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY add one for tasks")),
                of(Setting.optional(
                        "sdk.azure.storage.max_connections", INTEGER, "Most connections of one transfer to Azure")),
                of(Setting.of(
                        "sdk.google.storage.credentials",
                        list(group(List.of(
                                Setting.optional("bucket", TEXT, "Bucket that the entry is for"),
                                Setting.optional("subdir", TEXT, "Folder in the bucket that the entry is for"),
                                Setting.optional("project", TEXT, "Project of the bucket"),
                                Setting.optional("credentials_json", TEXT, "Credentials file")))),
                        List.of(),
                        "Credentials of single buckets of Google Cloud Storage")),
                of(Setting.optional(
                                "sdk.google.storage.credentials_json",
                                TEXT,
                                "Credentials file for buckets without one of their own")
                        .environment("GOOGLE_APPLICATION_CREDENTIALS")),
                of(Setting.optional(
                        "sdk.google.storage.pool_connections", INTEGER, "Most connections kept open to Google")),
                of(Setting.optional(
                        "sdk.google.storage.pool_maxsize",
                        INTEGER,
                        "Most connections kept open to one host of Google")),
                of(Setting.optional(
                        "sdk.google.storage.project",
                        TEXT,
                        "Project of Google Cloud for buckets without one of their own")),
                of(Setting.optional(
                        "sdk.google.storage.stream_connections",
                        INTEGER,
                        "Most connections of one streamed transfer to Google")),
                of(Setting.of(
                        "sdk.storage.block_pickled_artifacts",
                        BOOLEAN,
                        false,
                        "Whether pickled artifacts are refused")),
                of(Setting.optional(
                        "sdk.storage.cache.disk_space_file_size_strategy",
                        ANY,
                        "How files are deleted when the disk is full")),
                of(Setting.optional("sdk.storage.cache.secondary", ANY, "A second cache, on another disk")),
                of(Setting.optional(
                        "sdk.storage.cache.size.cleanup_margin_percent",
                        TEXT,
                        "How much more is deleted when the cache is too large")),
                of(Setting.optional(
                        "sdk.storage.cache.zero_file_size_check", BOOLEAN, "Whether empty files are fetched again")),
                of(Setting.optional(
                        "sdk.storage.dataset_chunk_size_mb", INTEGER, "Size of one archive of a data set in MB")),
                of(Setting.of(
                        "sdk.storage.http.legacy_fileservers",
                        list(TEXT),
                        List.of(),
                        "Older addresses of the files server")),
                of(Setting.optional("sdk.storage.log.level", TEXT, "Level of the log of transfers")),
                of(Setting.of(
                        "sdk.storage.log.report_download_chunk_size_mb",
                        NUMBER,
                        5.0,
                        "MB between two reports of a download")),
                of(Setting.of(
                        "sdk.storage.log.report_upload_chunk_size_mb",
                        NUMBER,
                        5.0,
                        "MB between two reports of an upload")),
                of(Setting.optional(
                        "sdk.storage.path_substitution", ANY, "Prefixes of addresses that stand for others")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.passedOn(setting);
    }
}
