// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import ml.clear.agent.runtime.plugins.TrustedKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedKeysTest extends PluginFixture {

    @ParameterizedTest
    @CsvSource({"RSA, SHA256withRSA", "EC, SHA256withECDSA", "Ed25519, Ed25519"})
    void signedPluginStartsAndOthersAreRefused(String keyKind, String algorithm) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(keyKind).generateKeyPair();
        Path jar = plugin("signed").jarIn(plugins());
        sign(jar, pair, algorithm);
        Path changed = plugin("changed").jarIn(plugins());
        sign(changed, pair, algorithm);
        plugin("changed").with("version", "1.0.1").jarIn(plugins());
        plugin("bare").jarIn(plugins());
        plugin("folder").folderIn(plugins());

        List<InstalledPlugin> found = load(request(List.of(plugins()))
                        .trustedKeys(TrustedKeys.read(List.of(pem(pair)))))
                .plugins();

        assertThat(find(found, "signed").status()).isInstanceOf(PluginStatus.Started.class);
        assertThat(find(found, "changed.jar").problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem).contains("is of none of the keys of agent.plugins.trusted_keys"));
        assertThat(find(found, "bare.jar").problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("it has no signature"));
        assertThat(find(found, "folder").problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("a folder cannot carry a signature"));
    }

    @Test
    void bundledPluginsNeedNoSignature() throws Exception {
        plugin("ours").folderIn(temporary.resolve("bundled"));
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        List<InstalledPlugin> found = load(request(List.of())
                        .bundled(temporary.resolve("bundled"))
                        .trustedKeys(TrustedKeys.read(List.of(pem(pair)))))
                .plugins();

        assertThat(find(found, "ours").status()).isInstanceOf(PluginStatus.Started.class);
    }

    @Test
    void fileWithoutAKeyIsAnErrorOfTheConfiguration() throws IOException {
        Path file = Files.writeString(temporary.resolve("no.pem"), "no key");

        assertThatThrownBy(() -> TrustedKeys.read(List.of(file)))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("agent.plugins.trusted_keys names '" + file + "', which holds no public key");
    }

    private Path pem(KeyPair pair) throws IOException {
        return Files.writeString(
                temporary.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private static void sign(Path file, KeyPair pair, String algorithm) throws IOException, GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(Files.readAllBytes(file));
        Files.write(file.resolveSibling(file.getFileName() + ".sig"), signature.sign());
    }
}
