// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An engine that wants certificates of its clients. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class SecureEngineIT {

    @TempDir
    private Path folder;

    @Test
    void isUsedWithTheCertificatesThatVariablesName(DockerEngine engine) throws Exception {
        verify(Map.of(
                "DOCKER_HOST", engine.secureHost(),
                "DOCKER_TLS_VERIFY", "1",
                "DOCKER_CERT_PATH", engine.certificates().toString()));
    }

    @Test
    void isUsedThroughAContextThatDockerItselfMade(DockerEngine engine) throws Exception {
        Path certificates = engine.certificates();
        ProcessBuilder create = new ProcessBuilder(
                        "docker",
                        "context",
                        "create",
                        "secure",
                        "--docker",
                        "host=" + engine.secureHost() + ",ca=" + certificates.resolve("ca.pem") + ",cert="
                                + certificates.resolve("cert.pem") + ",key=" + certificates.resolve("key.pem"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        create.environment().put("DOCKER_CONFIG", folder.resolve("docker").toString());
        Process process = create.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();

        verify(Map.of("DOCKER_CONTEXT", "secure"));
    }

    @Test
    void aKeyInTheOlderFormOfOpensslIsRead(DockerEngine engine) throws Exception {
        Path own = Files.createDirectory(folder.resolve("older"));
        for (String file : List.of("ca.pem", "cert.pem")) {
            Files.copy(engine.certificates().resolve(file), own.resolve(file));
        }
        Process process = new ProcessBuilder(
                        "openssl",
                        "rsa",
                        "-traditional",
                        "-in",
                        engine.certificates().resolve("key.pem").toString(),
                        "-out",
                        own.resolve("key.pem").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(own.resolve("key.pem")).content().startsWith("-----BEGIN RSA PRIVATE KEY-----");

        verify(Map.of(
                "DOCKER_HOST", engine.secureHost(), "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", own.toString()));
    }

    @Test
    void refusesAClientWithoutCertificate(DockerEngine engine) {
        assertThatThrownBy(() -> verify(Map.of("DOCKER_HOST", engine.secureHost())))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining(engine.secureHost())
                .hasMessageContaining("HTTP request to an HTTPS server");
    }

    @Test
    void missingCertificatesAreNamed(DockerEngine engine) {
        assertThatThrownBy(() -> verify(Map.of(
                        "DOCKER_HOST", engine.secureHost(),
                        "DOCKER_TLS_VERIFY", "1",
                        "DOCKER_CERT_PATH", folder.toString())))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining(folder.resolve("ca.pem").toString())
                .hasMessageContaining("DOCKER_CERT_PATH");
    }

    @Test
    void tlsWithoutVerificationIsRefused(DockerEngine engine) {
        assertThatThrownBy(() -> verify(Map.of("DOCKER_HOST", engine.secureHost(), "DOCKER_TLS", "1")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("DOCKER_TLS asks for TLS without verification");
    }

    private void verify(Map<String, String> variables) throws Exception {
        Map<String, String> all = new HashMap<>(variables);
        all.put("DOCKER_CONFIG", folder.resolve("docker").toString());
        TestContext context = TestContext.in(Files.createDirectories(folder.resolve("context")))
                .with(TestSettings.defaults())
                .with(all);
        try (DockerExecutor executor = new DockerExecutor(context)) {
            executor.verify();
        }
    }
}
