// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.ProcessList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password that is found nowhere: in no process list, no environment, no file, no output and no message. */
class CredentialCanaryIT {

    private static final String CANARY = "canary-7f3d91b2";
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("ada:" + CANARY).getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private final List<String> console = Collections.synchronizedList(new ArrayList<>());
    private int copies;
    private byte[] large;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        Git.require("git-lfs");
        Git inner = Git.init(folder.resolve("served/inner"));
        inner.write("inner.txt", "inner\n").commit();
        Git team = Git.init(folder.resolve("served/team"));
        large = "a large file\n".getBytes(StandardCharsets.UTF_8);
        String id =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large));
        team.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        team.write(
                "model.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + id + "\nsize " + large.length + "\n");
        team.run("add", "--all");
        team.run("submodule", "--quiet", "add", inner.folder().toString(), "lib");
        team.run("config", "--file", ".gitmodules", "submodule.lib.url", "../../inner/.git");
        team.commit();
    }

    @Test
    void cloneSubmoduleLargeFilesAndFailuresShowNoPassword() throws Exception {
        for (VcsCredential credential :
                List.of(new UserPassword("ada", Secret.of(CANARY)), new BearerToken(Secret.of(CANARY)))) {
            String expected = credential instanceof BearerToken ? "Bearer " + CANARY : BASIC;
            try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), expected, null);
                    ProcessList processes = ProcessList.withVariables(CANARY)) {
                server.serveLarge(large);
                Checkout checkout = checkOut(server.address("team/.git"), credential);
                assertThat(checkout.root().resolve("model.bin")).hasBinaryContent(large);
                assertThat(checkout.root().resolve("lib/inner.txt")).hasContent("inner");
                assertThatThrownBy(() -> checkOut(server.address("absent/.git"), credential))
                        .hasMessageNotContaining(CANARY);
                assertThat(processes.seen()).isEmpty();
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile).filter(CredentialCanaryIT::holdsCanary))
                    .isEmpty();
        }
        assertThat(console.toString()).doesNotContain(CANARY);
    }

    private static boolean holdsCanary(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(CANARY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Checkout checkOut(String address, VcsCredential credential) throws InterruptedException {
        CredentialChain chain =
                new CredentialChain(List.of(new CredentialChain.Source("test", _ -> List.of(credential))));
        Path own = folder.resolve("own" + copies);
        return new GitVersionControl(GitContext.in(own))
                .checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(address),
                        new Revision("", "", "main"),
                        folder.resolve("copy" + copies++),
                        chain,
                        console::add));
    }
}
