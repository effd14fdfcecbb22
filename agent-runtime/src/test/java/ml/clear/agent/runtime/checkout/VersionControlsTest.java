// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.junit.jupiter.api.Test;

class VersionControlsTest {

    private final List<String> probed = new ArrayList<>();
    private final Fake git = new Fake("git");
    private final Fake hg = new Fake("hg");
    private final VersionControls systems = new VersionControls(List.of(git, hg));

    @Test
    void theAddressMayNameTheSystem() throws Exception {
        assertThat(choice("hg+https://host/a", "")).isSameAs(hg);
        assertThat(choice("git+https://host/a", "")).isSameAs(git);
        assertThat(probed).isEmpty();
    }

    @Test
    void theFormatOfTheChangesDecidesWhereTheAddressDoesNot() throws Exception {
        assertThat(choice("https://host/a", "hg diff")).isSameAs(hg);
        assertThat(probed).isEmpty();
    }

    @Test
    void theFirstThatFindsARepositoryIsUsed() throws Exception {
        hg.there = true;

        assertThat(choice("https://host/a", "")).isSameAs(hg);
        assertThat(probed).containsExactly("git", "hg");
    }

    @Test
    void whereNothingIsFoundTheFirstOneExplainsIt() throws Exception {
        assertThat(choice("https://host/a", "")).isSameAs(git);
    }

    @Test
    void theOnlyPossibleSystemIsNotProbed() throws Exception {
        assertThat(new VersionControls(List.of(git))
                        .of(RepositoryAddress.parse("https://host/a"), "", CredentialChain.empty()))
                .isSameAs(git);
        assertThat(probed).isEmpty();
    }

    @Test
    void aSystemWithoutPluginIsNamed() {
        assertThatThrownBy(() -> choice("bzr+https://host/a", ""))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_INVALID))
                .hasMessageContaining("the version control system 'bzr'");
    }

    @Test
    void theInnermostWorkingCopyCounts() throws Exception {
        git.root = Path.of("/code");
        hg.root = Path.of("/code/inner");

        assertThat(systems.containing(Path.of("/code/inner/src"))
                        .orElseThrow()
                        .copy()
                        .root())
                .isEqualTo(hg.root);
    }

    private VersionControl choice(String address, String diff) throws InterruptedException {
        return systems.of(RepositoryAddress.parse(address), diff, CredentialChain.empty());
    }

    private final class Fake implements VersionControl {

        private final String name;
        private boolean there;
        private Path root = Path.of("");

        Fake(String name) {
            this.name = name;
        }

        @Override
        public Claim claim(RepositoryAddress repository) {
            if (repository.system().isEmpty()) {
                return Claim.POSSIBLE;
            }
            return repository.system().equals(name) ? Claim.OWN : Claim.NONE;
        }

        @Override
        public boolean wrote(String diff) {
            return diff.startsWith(name);
        }

        @Override
        public boolean probe(RepositoryAddress repository, CredentialChain credentials) {
            probed.add(name);
            return there;
        }

        @Override
        public Checkout checkOut(CheckoutRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void applyDiff(Checkout checkout, Path diff, Console console) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<LocalCode> localCode() {
            return Optional.of(new LocalCode() {
                @Override
                public void writeDiff(WorkingCopy copy, List<Path> added, Path diff) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Optional<WorkingCopy> describe(Path folder) {
                    return root.toString().isEmpty()
                            ? Optional.empty()
                            : Optional.of(new WorkingCopy(root, "", "", ""));
                }
            });
        }
    }
}
