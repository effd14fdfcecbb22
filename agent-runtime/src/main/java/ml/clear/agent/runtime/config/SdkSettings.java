// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.BYTES;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.NUMBER;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;

/** The section of the Python package: the agent reads the constants, the package in the task's process reads all. */
public final class SdkSettings {

    /** How often the output of a task is reported. */
    public static final Setting<Duration> REPORT_PERIOD = Setting.of(
            "sdk.development.worker.report_period_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofSeconds(2),
            "Time between two reports of output and scalars");

    /** Where models and artifacts go when the code does not say; empty leaves models where the code writes them. */
    public static final Setting<Optional<String>> DEFAULT_OUTPUT_URI = Setting.optional(
            "sdk.development.default_output_uri", TEXT, "Where models and artifacts go when the code does not say");

    /** Where downloads are kept. */
    public static final Setting<Path> CACHE_FOLDER = Setting.of(
            "sdk.storage.cache.default_base_dir",
            PATH,
            PATH.parse("~/.clearml/cache"),
            "Folder in which downloads are kept");

    /** Addresses that are used in place. */
    public static final Setting<List<Settings>> DIRECT_ACCESS = Setting.of(
            "sdk.storage.direct_access",
            list(group(List.of(Setting.optional("url", TEXT, "Address, with * for any text")))),
            List.of(),
            "Addresses whose files are used in place, neither downloaded nor kept");

    /** Default key of S3. */
    public static final Setting<Optional<String>> S3_KEY = Setting.optional(
                    "sdk.aws.s3.key", TEXT, "Access key for buckets without one of their own")
            .environment("AWS_ACCESS_KEY_ID");

    /** Default secret of S3. */
    public static final Setting<Optional<Secret>> S3_SECRET = Setting.optional(
                    "sdk.aws.s3.secret", SECRET, "Secret key for buckets without one of their own")
            .environment("AWS_SECRET_ACCESS_KEY");

    /** Default region of S3. */
    public static final Setting<Optional<String>> S3_REGION = Setting.optional(
                    "sdk.aws.s3.region", TEXT, "Region for buckets without one of their own")
            .environment("AWS_DEFAULT_REGION");

    /** Whether AWS looks for credentials itself. */
    public static final Setting<Boolean> S3_USE_CREDENTIALS_CHAIN = Setting.of(
            "sdk.aws.s3.use_credentials_chain",
            BOOLEAN,
            false,
            "Whether credentials are looked for where the tools of AWS look");

    /** Buckets and hosts with credentials of their own. */
    public static final Setting<List<Settings>> S3_CREDENTIALS = Setting.of(
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
                            "verify", TEXT, "Whether certificates are checked: true, false, or the path of a bundle"),
                    Setting.optional(
                            "use_credentials_chain",
                            BOOLEAN,
                            "Whether credentials are looked for where the tools of AWS look"),
                    Setting.optional("extra_args", ANY, "More arguments of transfers")))),
            List.of(),
            "Credentials of single buckets, or of hosts that speak the protocol of S3");

    /** Containers of Azure. */
    public static final Setting<List<Settings>> AZURE_CONTAINERS = Setting.of(
            "sdk.azure.storage.containers",
            list(group(List.of(
                    Setting.optional("account_name", TEXT, "Account of Azure"),
                    Setting.optional("account_key", SECRET, "Key of the account"),
                    Setting.optional(
                            "container_name",
                            TEXT,
                            "Container that the entry is for; all of the account where absent")))),
            List.of(),
            "Credentials of containers of Azure Storage; the variables AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY add one for tasks");

    /** Default credentials of Google. */
    public static final Setting<Optional<String>> GOOGLE_CREDENTIALS_FILE = Setting.optional(
                    "sdk.google.storage.credentials_json",
                    TEXT,
                    "Credentials file for buckets without one of their own")
            .environment("GOOGLE_APPLICATION_CREDENTIALS");

    /** Buckets of Google with credentials of their own. */
    public static final Setting<List<Settings>> GOOGLE_CREDENTIALS = Setting.of(
            "sdk.google.storage.credentials",
            list(group(List.of(
                    Setting.optional("bucket", TEXT, "Bucket that the entry is for"),
                    Setting.optional("subdir", TEXT, "Folder in the bucket that the entry is for"),
                    Setting.optional("project", TEXT, "Project of the bucket"),
                    Setting.optional("credentials_json", TEXT, "Credentials file")))),
            List.of(),
            "Credentials of single buckets of Google Cloud Storage");

    private SdkSettings() {}

    /** All of them, with those that only the Python package reads. */
    public static List<Setting<?>> all() {
        return Stream.concat(
                        Stream.of(
                                REPORT_PERIOD,
                                CACHE_FOLDER,
                                DIRECT_ACCESS,
                                S3_KEY,
                                S3_SECRET,
                                S3_REGION,
                                S3_USE_CREDENTIALS_CHAIN,
                                S3_CREDENTIALS,
                                AZURE_CONTAINERS,
                                GOOGLE_CREDENTIALS_FILE,
                                GOOGLE_CREDENTIALS),
                        passedOn().stream())
                .toList();
    }

    private static List<Setting<?>> passedOn() {
        return List.of(
                Setting.of("sdk.aws.boto3.pool_connections", INTEGER, 512L, "Most connections kept open to S3"),
                Setting.of(
                        "sdk.aws.boto3.max_multipart_concurrency",
                        INTEGER,
                        16L,
                        "Most parts of one file under way to S3 at once"),
                Setting.of(
                        "sdk.aws.boto3.multipart_threshold",
                        BYTES,
                        8_388_608L,
                        "Size from which a file goes to S3 in parts"),
                Setting.of("sdk.aws.boto3.multipart_chunksize", BYTES, 8_388_608L, "Size of a part"),
                Setting.optional("sdk.aws.s3.extra_args", ANY, "More arguments of transfers, as boto3 names them"),
                Setting.optional("sdk.aws.s3.profile", TEXT, "Profile of the credentials file of AWS"),
                Setting.optional("sdk.aws.s3.token", SECRET, "Session token that belongs to the key"),
                Setting.optional(
                        "sdk.aws.s3.verify",
                        TEXT,
                        "Whether certificates are checked: true, false, or the path of a bundle"),
                Setting.optional(
                        "sdk.azure.storage.account_name",
                        TEXT,
                        "Account of Azure for containers without one of their own"),
                Setting.optional("sdk.azure.storage.account_key", SECRET, "Key of that account"),
                DEFAULT_OUTPUT_URI,
                Setting.of(
                        "sdk.development.store_uncommitted_code_diff",
                        BOOLEAN,
                        true,
                        "Whether uncommitted changes are kept with the task"),
                Setting.optional(
                        "sdk.development.store_uncommitted_code_diff_on_train",
                        BOOLEAN,
                        "Older name of sdk.development.store_uncommitted_code_diff"),
                Setting.of(
                        "sdk.development.store_code_diff_from_remote",
                        BOOLEAN,
                        false,
                        "Whether the difference to the remote branch is kept, instead of that to the last commit"),
                Setting.of(
                        "sdk.development.store_jupyter_notebook_artifact",
                        BOOLEAN,
                        true,
                        "Whether a notebook is kept as an artifact"),
                Setting.of(
                        "sdk.development.store_dataviews_on_creation",
                        BOOLEAN,
                        true,
                        "Whether data views are kept when they are made"),
                Setting.of(
                        "sdk.development.support_stopping",
                        BOOLEAN,
                        true,
                        "Whether a script that is run by hand ends when its task is stopped"),
                Setting.of(
                        "sdk.development.task_reuse_time_window_in_hours",
                        NUMBER,
                        72.0,
                        "How long a task of the same name is used again, in hours"),
                Setting.of(
                        "sdk.development.vcs_repo_detect_async",
                        BOOLEAN,
                        true,
                        "Whether the repository is looked at in the background"),
                Setting.of(
                        "sdk.development.force_analyze_entire_repo",
                        BOOLEAN,
                        false,
                        "Whether requirements are looked for in the whole repository"),
                Setting.of(
                        "sdk.development.suppress_update_message",
                        BOOLEAN,
                        false,
                        "Whether news of a newer SDK are kept quiet"),
                Setting.of(
                        "sdk.development.detect_with_pip_freeze",
                        BOOLEAN,
                        false,
                        "Whether requirements are those that pip freeze prints"),
                Setting.of(
                        "sdk.development.detect_with_conda_freeze",
                        BOOLEAN,
                        false,
                        "Whether requirements are those that conda prints"),
                Setting.of(
                        "sdk.development.log_os_environments",
                        list(TEXT),
                        List.of(),
                        "Variables that are kept with the task"),
                Setting.optional("sdk.development.default_shell_binary", TEXT, "Shell that runs shell scripts"),
                Setting.of(
                        "sdk.development.artifacts.auto_pickle",
                        BOOLEAN,
                        true,
                        "Whether objects of unknown types are pickled"),
                Setting.of("sdk.development.worker.log_stdout", BOOLEAN, true, "Whether all output is logged"),
                Setting.of(
                        "sdk.development.worker.ping_period_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(30),
                        "Time between two signs of life"),
                Setting.of(
                        "sdk.development.worker.report_event_flush_threshold",
                        INTEGER,
                        100L,
                        "Number of events that are sent at once"),
                Setting.of(
                        "sdk.development.worker.console_cr_flush_period",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(10),
                        "Time between two reports of a line that is written again and again"),
                Setting.of(
                        "sdk.development.worker.report_global_mem_used",
                        BOOLEAN,
                        false,
                        "Whether the memory of the whole machine is reported, instead of the process"),
                Setting.optional(
                        "sdk.development.worker.report_start_sec",
                        duration(ChronoUnit.SECONDS),
                        "Time until the first report of the machine"),
                Setting.optional(
                        "sdk.google.storage.project",
                        TEXT,
                        "Project of Google Cloud for buckets without one of their own"),
                Setting.optional(
                        "sdk.google.storage.pool_connections", INTEGER, "Most connections kept open to Google"),
                Setting.optional(
                        "sdk.google.storage.pool_maxsize", INTEGER, "Most connections kept open to one host of Google"),
                Setting.of(
                        "sdk.log.disable_urllib3_info",
                        BOOLEAN,
                        true,
                        "Whether messages of the HTTP library are kept quiet"),
                Setting.of(
                        "sdk.log.null_log_propagate",
                        BOOLEAN,
                        false,
                        "Whether messages without a logger reach the root logger"),
                Setting.of(
                        "sdk.log.task_log_buffer_capacity",
                        INTEGER,
                        66L,
                        "How many log messages are held back at most"),
                Setting.of(
                        "sdk.metrics.file_history_size",
                        INTEGER,
                        100L,
                        "How many files are kept of one metric and variant"),
                Setting.of(
                        "sdk.metrics.matplotlib_untitled_history_size",
                        INTEGER,
                        100L,
                        "How many images are kept of one title of matplotlib"),
                Setting.optional("sdk.metrics.plot_max_num_digits", INTEGER, "Most digits behind the point in plots"),
                Setting.of(
                        "sdk.metrics.tensorboard_single_series_per_graph",
                        BOOLEAN,
                        false,
                        "Whether each series of TensorBoard has a plot of its own"),
                Setting.of("sdk.metrics.images.format", TEXT, "JPEG", "Format of images for debugging"),
                Setting.of("sdk.metrics.images.quality", INTEGER, 87L, "Quality of images for debugging, 1 to 100"),
                Setting.of("sdk.metrics.images.subsampling", INTEGER, 0L, "Subsampling of images for debugging"),
                Setting.of("sdk.network.file_upload_retries", INTEGER, 3L, "Most retries of an upload"),
                Setting.of(
                        "sdk.network.iteration.max_retries_on_server_error",
                        INTEGER,
                        5L,
                        "Most retries after an error of the server"),
                Setting.of(
                        "sdk.network.iteration.retry_backoff_factor_sec",
                        NUMBER,
                        10.0,
                        "Seconds of the first wait between retries; each wait doubles it"),
                Setting.of(
                        "sdk.network.metrics.file_upload_starvation_warning_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofMinutes(2),
                        "Time without any upload after which a warning is written"),
                Setting.of(
                        "sdk.network.metrics.file_upload_threads", INTEGER, 4L, "Threads that upload files of metrics"),
                Setting.optional("sdk.storage.cache.size.min_free_bytes", BYTES, "Space that the cache leaves free"),
                Setting.optional("sdk.storage.cache.size.max_used_bytes", BYTES, "Most space that the cache takes"),
                Setting.optional(
                        "sdk.storage.cache.size.cleanup_margin_percent",
                        TEXT,
                        "How much more is deleted when the cache is too large"),
                Setting.optional(
                        "sdk.storage.cache.zero_file_size_check", BOOLEAN, "Whether empty files are fetched again"),
                Setting.optional(
                        "sdk.storage.cache.disk_space_file_size_strategy",
                        ANY,
                        "How files are deleted when the disk is full"),
                Setting.optional("sdk.storage.cache.default_cache_manager_size", INTEGER, "Most files in the cache"),
                Setting.optional("sdk.storage.cache.secondary", ANY, "A second cache, on another disk"),
                Setting.of(
                        "sdk.storage.http.legacy_fileservers",
                        list(TEXT),
                        List.of(),
                        "Older addresses of the files server"),
                Setting.of(
                        "sdk.storage.block_pickled_artifacts", BOOLEAN, false, "Whether pickled artifacts are refused"),
                Setting.optional("sdk.storage.path_substitution", ANY, "Prefixes of addresses that stand for others"),
                Setting.optional("sdk.dataset", ANY, "Options of data sets"),
                Setting.of(
                        "sdk.apply_environment",
                        BOOLEAN,
                        false,
                        "Whether the SDK applies the top-level block environment"),
                Setting.of(
                        "sdk.apply_files",
                        BOOLEAN,
                        false,
                        "Whether the SDK writes the files of the top-level block files"));
    }
}
