// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.server.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerInUseTest {

    private static final String KEY = "sdk.development.report_use_subprocess";

    @TempDir
    private Path home;

    private Map<String, Object> forTasks(String text) throws IOException {
        return forTasks(text, false);
    }

    private Map<String, Object> forTasks(String text, boolean offered) throws IOException {
        Files.writeString(home.resolve("clearml.conf"), text);
        ServerInUse server = new ServerInUse(
                URI.create("http://127.0.0.1:8008"),
                "",
                "http://127.0.0.1:8008/files",
                new Credentials.KeyPair("k", Secret.of("s")),
                offered,
                "");
        try (Agent agent =
                new Agent(new AgentProcess(Map.of(), home, home, "0.1.0"), AgentOptions.NONE, new Redactor())) {
            return server.taskConfiguration(agent.configuration());
        }
    }

    @Test
    void modelsGoWhereTheConfigurationSaysOnAServerThatIsOffered() throws IOException {
        String key = "sdk.development.default_output_uri";
        assertThat(forTasks("", true)).containsEntry(key, "http://127.0.0.1:8008/files");
        assertThat(forTasks(key + ": \"s3://bucket\"", true)).doesNotContainKey(key);
    }

    @Test
    void tasksReportWithoutAProcessOfItsOwnUnlessThatIsConfigured() throws IOException {
        assertThat(forTasks("")).containsEntry(KEY, false);
        assertThat(forTasks(KEY + ": true")).doesNotContainKey(KEY);
    }
}
