// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.BYTES;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.integer;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;

/** The keys of {@code sdk.aws}; the Python package in the task's process reads them too. */
final class S3Settings {

    /** Members of an entry of {@link #CREDENTIALS}. */
    static final class Entry {

        static final Setting<Optional<String>> BUCKET =
                Setting.optional("bucket", TEXT, "Bucket that the entry is for");
        static final Setting<Optional<String>> SUBDIR =
                Setting.optional("subdir", TEXT, "Folder in the bucket that the entry is for");
        static final Setting<Optional<String>> HOST =
                Setting.optional("host", TEXT, "Host that the entry is for, with its port");
        static final Setting<Optional<String>> KEY = Setting.optional("key", TEXT, "Access key");
        static final Setting<Optional<Secret>> SECRET_KEY = Setting.optional("secret", SECRET, "Secret key");
        static final Setting<Optional<Secret>> TOKEN = Setting.optional("token", SECRET, "Session token");
        static final Setting<Optional<String>> PROFILE =
                Setting.optional("profile", TEXT, "Profile of the credentials file of AWS");
        static final Setting<Optional<String>> REGION = Setting.optional("region", TEXT, "Region of the bucket");
        static final Setting<Optional<Boolean>> MULTIPART =
                Setting.optional("multipart", BOOLEAN, "Whether large files go in parts");
        static final Setting<Optional<Boolean>> SECURE =
                Setting.optional("secure", BOOLEAN, "Whether the host is spoken to by https");
        static final Setting<Optional<String>> ACL =
                Setting.optional("acl", TEXT, "Access rights of what is stored, such as public-read");
        static final Setting<Optional<String>> VERIFY = Setting.optional(
                "verify", TEXT, "Whether certificates are checked: true, false, or the path of a bundle");
        static final Setting<Optional<Boolean>> CHAIN = Setting.optional(
                "use_credentials_chain", BOOLEAN, "Whether credentials are looked for where the tools of AWS look");
        private static final Setting<Optional<Object>> EXTRA =
                Setting.optional("extra_args", ANY, "More arguments of transfers, for the Python package");

        private Entry() {}
    }

    static final Setting<List<Settings>> CREDENTIALS = Setting.of(
            "sdk.aws.s3.credentials",
            list(group(List.of(
                    Entry.BUCKET,
                    Entry.SUBDIR,
                    Entry.HOST,
                    Entry.KEY,
                    Entry.SECRET_KEY,
                    Entry.TOKEN,
                    Entry.PROFILE,
                    Entry.REGION,
                    Entry.MULTIPART,
                    Entry.SECURE,
                    Entry.ACL,
                    Entry.VERIFY,
                    Entry.CHAIN,
                    Entry.EXTRA))),
            List.of(),
            "Credentials of single buckets, or of hosts that speak the protocol of S3");

    static final Setting<Optional<String>> KEY = Setting.optional(
                    "sdk.aws.s3.key", TEXT, "Access key for buckets without one of their own")
            .environment("AWS_ACCESS_KEY_ID");
    static final Setting<Optional<Secret>> SECRET_KEY = Setting.optional(
                    "sdk.aws.s3.secret", SECRET, "Secret key for buckets without one of their own")
            .environment("AWS_SECRET_ACCESS_KEY");
    static final Setting<Optional<Secret>> TOKEN =
            Setting.optional("sdk.aws.s3.token", SECRET, "Session token that belongs to the key");
    static final Setting<Optional<String>> PROFILE =
            Setting.optional("sdk.aws.s3.profile", TEXT, "Profile of the credentials file of AWS");
    static final Setting<Optional<String>> REGION = Setting.optional(
                    "sdk.aws.s3.region", TEXT, "Region for buckets without one of their own")
            .environment("AWS_DEFAULT_REGION");
    static final Setting<Boolean> SECURE = Setting.of(
            "sdk.aws.s3.secure", BOOLEAN, true, "Whether hosts that speak the protocol of S3 are reached by https");
    static final Setting<Optional<String>> VERIFY = Setting.optional(
            "sdk.aws.s3.verify", TEXT, "Whether certificates are checked: true, false, or the path of a bundle");
    static final Setting<Boolean> CHAIN = Setting.of(
            "sdk.aws.s3.use_credentials_chain",
            BOOLEAN,
            false,
            "Whether credentials are looked for where the tools of AWS look: variables, profiles, roles of the machine");

    static final Setting<Duration> CONNECT_TIMEOUT = Setting.of(
            "sdk.aws.boto3.connect_timeout",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(1),
            "Longest wait for a connection to S3");
    static final Setting<Duration> READ_TIMEOUT = Setting.of(
            "sdk.aws.boto3.read_timeout",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(1),
            "Longest wait for an answer of S3");
    static final Setting<Long> CONCURRENCY = Setting.of(
            "sdk.aws.boto3.max_multipart_concurrency",
            integer(1, 1024),
            16L,
            "Most parts of one file under way to S3 at once");
    static final Setting<Long> PART_SIZE =
            Setting.of("sdk.aws.boto3.multipart_chunksize", BYTES, 8_388_608L, "Size of a part; at least 5 MiB");
    static final Setting<Long> THRESHOLD = Setting.of(
            "sdk.aws.boto3.multipart_threshold", BYTES, 8_388_608L, "Size from which a file goes to S3 in parts");
    static final Setting<Long> CONNECTIONS =
            Setting.of("sdk.aws.boto3.pool_connections", integer(1, 100_000), 512L, "Most connections kept open to S3");

    private S3Settings() {}

    static List<Setting<?>> all() {
        return List.of(
                CREDENTIALS,
                KEY,
                SECRET_KEY,
                TOKEN,
                PROFILE,
                REGION,
                SECURE,
                VERIFY,
                CHAIN,
                CONNECT_TIMEOUT,
                READ_TIMEOUT,
                CONCURRENCY,
                PART_SIZE,
                THRESHOLD,
                CONNECTIONS);
    }
}
