// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskConfigurationTest {

    private final Path home;

    TaskConfigurationTest(@TempDir Path home) {
        this.home = home;
    }

    private Node.Group rendered(Map<String, String> environment, String text, Map<String, ?> overrides) {
        Configurations.write(home.resolve("clearml.conf"), text);
        Configuration configuration = new ConfigurationLoader(environment, home)
                .load()
                .check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all())
                .orThrow();
        List<Problem> problems = new ArrayList<>();
        Node.Group read = new HoconParser(Map.of(), SourceTexts.onDisk(), problems::add)
                .text("task.conf", new TaskConfiguration(configuration).render(overrides));
        assertThat(problems).isEmpty();
        return read;
    }

    private static String at(Node.Group root, String key) {
        return Json.render(root.at(key).orElseThrow()).replaceAll("\\n *", " ").strip();
    }

    @Test
    void everythingIsHandedOnSecretsAndUndeclaredKeysToo() {
        Node.Group read = rendered(
                Map.of("SECRET", "s\"e\\\\c"),
                "sdk { new_key { deep: [1, 3.10, True, null] }, aws.s3.secret: \"${SECRET}\" }\n"
                        + "environment.A: \"x\\n"
                        + "y\"",
                Map.of());
        assertThat(at(read, "sdk.new_key.deep")).isEqualTo("[ 1, 3.10, true, null ]");
        assertThat(((Node.Scalar) read.at("sdk.aws.s3.secret").orElseThrow()).text())
                .isEqualTo("s\"e\\\\c");
        assertThat(((Node.Scalar) read.at("environment.A").orElseThrow()).text())
                .isEqualTo("x\ny");
    }

    @Test
    void theCallerReplacesWhatIsItsOwn() {
        Node.Group read = rendered(
                Map.of(),
                "api.api_server: \"http://old:8008\"\napi.credentials: null",
                Map.of(
                        "api.api_server",
                        "http://127.0.0.1:9000",
                        "api.credentials.access_key",
                        "key",
                        "sdk.development.worker.report_period_sec",
                        1));
        assertThat(at(read, "api"))
                .isEqualTo(
                        "{ \"api_server\": \"http://127.0.0.1:9000\", \"credentials\": { \"access_key\": \"key\" } }");
        assertThat(at(read, "sdk.development.worker.report_period_sec")).isEqualTo("1");
    }

    @Test
    void variablesReachTheTask() {
        Node.Group read = rendered(
                Map.of(
                        "AWS_SECRET_ACCESS_KEY", "aws",
                        "AZURE_STORAGE_ACCOUNT", "account",
                        "AZURE_STORAGE_KEY", "key",
                        "GOOGLE_APPLICATION_CREDENTIALS", "/g.json",
                        "CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV", "A B",
                        "CLEARML_AGENT_CRASH_ON_EXCEPTION", "yes"),
                "sdk.azure.storage.containers: [ { account_name: first } ]",
                Map.of());
        assertThat(at(read, "sdk.aws.s3.secret")).isEqualTo("\"aws\"");
        assertThat(at(read, "sdk.google.storage.credentials_json")).isEqualTo("\"/g.json\"");
        assertThat(at(read, "sdk.azure.storage.containers"))
                .isEqualTo(
                        "[ { \"account_name\": \"first\" }, { \"account_key\": \"key\", \"account_name\": \"account\""
                                + " } ]");
        assertThat(at(read, "agent.hide_docker_command_env_vars.extra_keys")).isEqualTo("[ \"A\", \"B\" ]");
        assertThat(at(read, "agent.crash_on_exception")).isEqualTo("true");
    }
}
