// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.runtime.config.KnownKey.passedOn;
import static ml.clear.agent.runtime.config.KnownKey.withoutEffect;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** Every key that may stand in a file although no part of the agent itself owns it, each with what setting it changes. */
public final class Vocabulary {

    private static final String TORCH_PLACES =
            "builds of torch come from an index or a page of links, such as agent.package_manager.torch_page";
    private static final String CLUSTER = "the agent reports workers, not clusters";

    private Vocabulary() {}

    /** All of them; made once, when they are first asked for. */
    public static List<KnownKey> all() {
        return Keys.ALL;
    }

    private static final class Keys {

        private static final List<KnownKey> ALL = Stream.of(
                        ContainerKeys.all(),
                        CondaKeys.all(),
                        PoetryKeys.all(),
                        UvKeys.all(),
                        SdkStorageKeys.all(),
                        SdkDevelopmentKeys.all(),
                        SdkReportingKeys.all(),
                        ForeignKeys.all(),
                        requests(),
                        execution(),
                        retired())
                .flatMap(List::stream)
                .toList();

        private static final Set<String> NAMES =
                ALL.stream().map(key -> key.setting().key()).collect(Collectors.toUnmodifiableSet());
    }

    /** The settings of this list that are not in the vocabulary: the agent itself reads them. */
    static List<Setting<?>> used(Stream<Setting<?>> declared) {
        return declared.filter(setting -> !Keys.NAMES.contains(setting.key())).toList();
    }

    private static List<KnownKey> requests() {
        return List.of(
                passedOn(ApiSettings.RETRIES_CONNECT),
                passedOn(ApiSettings.RETRIES_READ),
                passedOn(ApiSettings.RETRIES_REDIRECT),
                passedOn(ApiSettings.RETRIES_STATUS),
                passedOn(ApiSettings.POOL_MAXSIZE),
                passedOn(ApiSettings.POOL_CONNECTIONS),
                passedOn(ApiSettings.DEFAULT_METHOD),
                passedOn(Setting.optional(
                        "api.http.extra_retry_codes",
                        ValueTypes.list(ValueTypes.INTEGER),
                        "More HTTP statuses after which a request is repeated")),
                passedOn(Setting.optional(
                        "api.auth.req_token_expiration_sec",
                        ValueTypes.INTEGER,
                        "Spelling of api.auth.request_token_expiration_sec that the SDK reads")),
                passedOn(Setting.optional(
                        "api.ssl_error_count_verbosity",
                        ValueTypes.INTEGER,
                        "Number of failed TLS connections after which the SDK logs them")),
                withoutEffect(ApiSettings.PUBLIC_IP_PING, "the agent reports the address of its connection"),
                withoutEffect(ApiSettings.PUBLIC_IP_SERVICE_URLS, "the agent asks no service for its address"),
                withoutEffect(ApiSettings.VERSION, "the versions of agent and server are compared at login"),
                withoutEffect(ApiSettings.DEFAULT_VERSION, "the versions of agent and server are compared at login"));
    }

    private static List<KnownKey> execution() {
        return List.of(
                withoutEffect(
                        TaskSettings.TRUNCATE_TASK_OUTPUT_FILES,
                        "the files of a task's output are removed when the output is delivered"),
                withoutEffect(TaskSettings.TEMPORARY_FOLDER, "temporary files are in agent.state_dir"),
                withoutEffect(
                        WorkerSettings.CRASH_ON_EXCEPTION,
                        "an unexpected error is logged and retried with growing pauses"),
                withoutEffect(WorkerSettings.LOG_FILES_BUFFERING, "every line of the log is written at once"),
                withoutEffect(WorkerSettings.DISABLE_UPDATE_CHECK, "the agent never asks for its newest version"),
                withoutEffect(
                        WorkerSettings.DYNAMIC_GPUS_RESERVATION_TIMEOUT,
                        "GPUs are reserved as long as the task's processes live"),
                withoutEffect(WorkerSettings.CLUSTER_REPORT_INTERVAL, CLUSTER),
                withoutEffect(WorkerSettings.DEFAULT_CLUSTER_NAME, CLUSTER),
                withoutEffect(WorkerSettings.DEBUG, "use the option --debug"),
                withoutEffect(
                        Setting.of(
                                "agent.enable_git_ask_pass",
                                ValueTypes.BOOLEAN,
                                true,
                                "Whether git asks a program for passwords"),
                        "git always asks the agent for passwords, which stand in no address and no script"),
                withoutEffect(PrintoutSettings.URLS, "passwords in addresses are hidden in every key"),
                withoutEffect(torchAddress("torch_url_template_prefix"), TORCH_PLACES),
                withoutEffect(torchAddress("torch_url_template"), TORCH_PLACES));
    }

    private static Setting<?> torchAddress(String name) {
        return Setting.optional(
                "agent.package_manager." + name,
                ValueTypes.TEXT,
                "Address of a single build of torch, with places to fill");
    }

    private static List<KnownKey> retired() {
        return List.of(
                renamed("agent.git_domain", "agent.git_host"),
                renamed(
                        "agent.package_manager.poetry_files_from_cwd",
                        "agent.package_manager.poetry_files_from_repo_working_dir"));
    }

    private static KnownKey renamed(String before, String now) {
        return KnownKey.renamed(Setting.optional(before, ValueTypes.ANY, "Former name of " + now), now);
    }
}
