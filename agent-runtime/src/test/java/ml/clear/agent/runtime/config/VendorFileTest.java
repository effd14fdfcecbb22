// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.secret.Secret;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole file in the style of the vendor's, with every documented key. */
class VendorFileTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "EXAMPLE_SECRET_KEY", "server-secret-text",
            "GOOGLE_APPLICATION_CREDENTIALS", "/keys/google.json",
            "CLEARML_WORKER_NAME", "machine2");

    private final Path home;

    VendorFileTest(@TempDir Path home) {
        this.home = home;
    }

    static String text() throws IOException {
        try (@Nullable InputStream in = VendorFileTest.class.getResourceAsStream("clearml.conf")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The keys that plugins and other packages declare; here only their names matter. */
    static List<Setting<?>> keysOfOthers() {
        List<String> keys = List.of(
                "git_user",
                "git.extra_credentials",
                "git_use_ms_entra_token",
                "git_use_azure_pat",
                "force_git_ssh_protocol",
                "force_git_ssh_port",
                "force_git_ssh_user",
                "translate_ssh",
                "translate_ssl_replacement_scheme",
                "enable_git_ask_pass",
                "git_fetch_args",
                "venvs_dir",
                "venvs_cache.max_entries",
                "venvs_cache.free_space_threshold_gb",
                "venvs_cache.path",
                "venvs_cache.lock_timeout",
                "venv_update.enabled",
                "package_manager.pip_version",
                "package_manager.pip_legacy_resolver",
                "default_docker.image",
                "default_docker.arguments",
                "default_docker.match_rules",
                "default_docker.update_back_task",
                "docker_args_allowed_port_range",
                "disable_task_docker_override",
                "docker_force_pull",
                "extra_docker_arguments",
                "extra_docker_labels",
                "docker_args_extra_precedes_task",
                "protected_docker_extra_args",
                "forbidden_docker_args",
                "docker_args_filters",
                "docker_allow_host_environ",
                "extra_docker_shell_script",
                "docker_init_bash_script",
                "docker_preprocess_bash_script",
                "docker_install_opencv_libs",
                "docker_pip_cache",
                "docker_apt_cache",
                "docker_poetry_cache",
                "disable_ssh_mount",
                "docker_container_name_format",
                "docker_container_name_format_fields",
                "docker_internal_mounts");
        List<Setting<?>> settings = new ArrayList<>();
        keys.forEach(key -> settings.add(Setting.optional("agent." + key, ValueTypes.ANY, "Read by a plugin")));
        List.of(
                        "sdk.storage.cache.default_base_dir",
                        "sdk.storage.cache.size.min_free_bytes",
                        "sdk.storage.direct_access",
                        "sdk.network.iteration")
                .forEach(key -> settings.add(Setting.optional(key, ValueTypes.ANY, "Read by a plugin")));
        settings.add(Setting.optional("agent.git_pass", ValueTypes.SECRET, "Read by a plugin"));
        return settings;
    }

    private CheckedConfiguration check() throws IOException {
        Configurations.write(home.resolve("clearml.conf"), text());
        return new ConfigurationLoader(ENVIRONMENT, home)
                .load()
                .check(
                        List.of(RuntimeSettings.declarations(List.of()), new Declarations("plugins", keysOfOthers())),
                        Vocabulary.all());
    }

    @Test
    void everyDocumentedKeyLoadsWithoutAProblem() throws IOException {
        assertThat(check().errors()).isEmpty();
        assertThat(check().problems()).allMatch(problem -> problem.kind() == Problem.Kind.EFFECT);
    }

    @Test
    void valuesAreThoseOfTheFileAndTheVariables() throws IOException {
        Configuration configuration = check().orThrow();
        assertThat(configuration.get(ApiSettings.API_SERVER)).hasToString("Optional[https://api.example.com]");
        assertThat(configuration.get(ApiSettings.SECRET_KEY).orElseThrow().reveal())
                .isEqualTo("server-secret-text");
        assertThat(configuration.get(WorkerSettings.WORKER_NAME)).contains("machine2");
        assertThat(configuration.get(WorkerSettings.WORKER_ID)).isEmpty();
        assertThat(configuration.get(WorkerSettings.DEFAULT_GPU_UTILIZATION)).isEmpty();
        assertThat(configuration.get(PythonSettings.DEFAULT_PYTHON)).isEqualTo("3.10");
        assertThat(value(configuration, "sdk.google.storage.credentials_json"))
                .isEqualTo(Optional.of("/keys/google.json"));
        assertThat(value(configuration, "sdk.aws.s3.credentials"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
    }

    private static Object value(Configuration configuration, String key) {
        return Objects.requireNonNull(
                Objects.requireNonNull(configuration.readings().get(key)).value());
    }

    @Test
    void noSecretIsShownExplainedOrMissedByTheRedactor() throws IOException {
        CheckedConfiguration checked = check();
        ConfigurationReport report = new ConfigurationReport(checked);
        List<String> secrets = List.of(
                "server-secret-text",
                "s3-secret-text",
                "my-secret-key",
                "azure-secret-text",
                "environment-secret-text",
                "x y z",
                "user:token");
        assertThat(report.show(PrintoutSettings.Printout.ALL, false)).doesNotContain(secrets);
        assertThat(report.show(PrintoutSettings.Printout.ALL, true)).doesNotContain(secrets);
        assertThat(new ConfigurationExplanation(checked.configuration())
                        .of("sdk")
                        .orElseThrow())
                .doesNotContain(secrets);
        assertThat(new ConfigurationExplanation(checked.configuration())
                        .of("sdk.aws.s3.credentials")
                        .orElseThrow())
                .doesNotContain(secrets);
        assertThat(new ConfigurationExplanation(checked.configuration())
                        .of("api.credentials.secret_key")
                        .orElseThrow())
                .doesNotContain(secrets);
        assertThat(checked.configuration().secrets())
                .extracting(Secret::reveal)
                .contains(
                        "server-secret-text",
                        "s3-secret-text",
                        "my-secret-key",
                        "azure-secret-text",
                        "environment-secret-text");
    }

    @Test
    void defaultsOfAllSettingsCanBeShown() {
        CheckedConfiguration empty = new ConfigurationLoader(Map.of(), home)
                .load()
                .check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all());
        assertThat(empty.problems()).isEmpty();
        assertThat(new ConfigurationReport(empty).show(PrintoutSettings.Printout.ALL, false))
                .contains("agent.package_manager.type = pip\n")
                .contains("api.http.retries.total = 240\n")
                .contains("sdk.development.worker.report_period_sec = 2s\n");
    }
}
