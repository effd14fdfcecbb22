// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of any size: none of their content passes through this process, whose heap is smaller than they are. */
@Tag("thorough")
class LargeRepositoryIT {

    private static final long MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private GitVersionControl versionControl;
    private Git origin;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        versionControl = new GitVersionControl(GitContext.in(folder.resolve("own")));
        origin = Git.init(folder.resolve("origin"));
        origin.run("config", "core.compression", "0");
        origin.run("config", "core.bigFileThreshold", "8m");
        origin.write("train.py", "print(1)\n");
    }

    @Test
    void committedFilesOf45And200MegabytesAreCheckedOut() throws Exception {
        sparse("model.ckpt", 45);
        sparse("data.bin", Boolean.getBoolean("soak") ? 2048 : 200);
        String commit = origin.commit();

        Checkout checkout = checkOut("copy");

        assertThat(checkout.commit()).isEqualTo(commit);
        assertThat(checkout.root().resolve("model.ckpt")).hasSize(45 * MEGABYTE);
        assertThat(new Git(checkout.root()).run("status", "--porcelain")).isEmpty();
    }

    @Test
    void modifiedTrackedFileOf80MegabytesTravelsAsADiff() throws Exception {
        sparse("data.bin", 80);
        origin.commit();
        Checkout edited = checkOut("edited");
        try (RandomAccessFile file =
                new RandomAccessFile(edited.root().resolve("data.bin").toFile(), "rw")) {
            byte[] noise = new byte[(int) MEGABYTE];
            new Random(1).nextBytes(noise);
            for (int i = 0; i < 80; i += 20) {
                file.seek(i * MEGABYTE);
                file.write(noise);
            }
        }
        Path diff = folder.resolve("diff");
        versionControl
                .localCode()
                .orElseThrow()
                .writeDiff(
                        versionControl
                                .localCode()
                                .orElseThrow()
                                .describe(edited.root())
                                .orElseThrow(),
                        List.of(),
                        diff);
        Checkout fresh = checkOut("fresh");

        versionControl.applyDiff(fresh, diff, line -> {});

        assertThat(Files.mismatch(
                        edited.root().resolve("data.bin"), fresh.root().resolve("data.bin")))
                .isEqualTo(-1);
    }

    private void sparse(String name, long megabytes) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(origin.folder().resolve(name).toFile(), "rw")) {
            file.setLength(megabytes * MEGABYTE);
            file.seek(megabytes * MEGABYTE / 2);
            file.writeBytes(name);
        }
    }

    private Checkout checkOut(String name) throws InterruptedException {
        return versionControl.checkOut(new CheckoutRequest(
                RepositoryAddress.parse(origin.folder().toString()),
                new Revision("", "", "main"),
                folder.resolve(name),
                CredentialChain.empty(),
                line -> {}));
    }
}
