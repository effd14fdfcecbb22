// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineAddressTest {

    @TempDir
    private Path folder;

    @Test
    void theVariableStandsAboveAll() {
        assertThat(find(Map.of("DOCKER_HOST", "unix:///x.sock", "DOCKER_CONTEXT", "other"), "podman")
                        .uri())
                .hasToString("unix:///x.sock");
        assertThat(find(Map.of("DOCKER_HOST", "tcp://host:2375"), "docker").uri())
                .hasToString("tcp://host:2375");
    }

    @Test
    void podmanHasItsOwnSocketAndAUserHasTheirs() throws Exception {
        assertThat(find(Map.of(), "podman").uri()).hasToString("unix:///run/podman/podman.sock");
        Path own = Files.createDirectories(folder.resolve("podman")).resolve("podman.sock");
        Files.writeString(own, "");

        assertThat(find(Map.of("XDG_RUNTIME_DIR", folder.toString()), "podman").socket())
                .contains(own);
    }

    @Test
    void anAddressThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "ssh://host"), "docker"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("DOCKER_HOST names 'ssh://host'");
        assertThatThrownBy(() -> find(Map.of("DOCKER_CONTEXT", "missing"), "docker"))
                .hasMessageContaining("context 'missing' has no address");
    }

    @Test
    void theCurrentContextNamesTheAddress() throws Exception {
        Files.writeString(folder.resolve("config.json"), "{\"currentContext\": \"remote\"}");
        Path meta = Files.createDirectories(folder.resolve("contexts/meta/" + digest("remote")));
        Files.writeString(
                meta.resolve("meta.json"), "{\"Endpoints\": {\"docker\": {\"Host\": \"unix:///remote.sock\"}}}");

        assertThat(find(Map.of(), "docker").uri()).hasToString("unix:///remote.sock");
    }

    private static String digest(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private EngineAddress find(Map<String, String> environment, String engine) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DOCKER_CONFIG", folder.toString());
        return EngineAddress.find(all, engine);
    }
}
