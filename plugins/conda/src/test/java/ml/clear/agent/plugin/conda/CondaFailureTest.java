// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.conda.CondaClient.Attempt;
import org.junit.jupiter.api.Test;

class CondaFailureTest {

    private static Attempt of(String text) {
        return CondaFailure.of("conda 24.1.2", 1, text);
    }

    @Test
    void namesThatChannelsLackAreReadFromTheMessagesOfEachSolver() {
        assertThat(of("""
                Solving environment: failed

                PackagesNotFoundError: The following packages are not available from current channels:

                  - conda-forge::foo==9.9
                  - Bar_baz[version='>=3']

                Current channels:

                  - https://channel.invalid/linux-64
                """)).isEqualTo(new Attempt.Missing(Set.of("foo", "bar_baz")));
        assertThat(of("ResolvePackageNotFound:\n  - foo==9.9\n")).isEqualTo(new Attempt.Missing(Set.of("foo")));
        assertThat(of("Encountered problems while solving:\n  - nothing provides requested foo 9.9\n"))
                .isEqualTo(new Attempt.Missing(Set.of("foo")));
        assertThat(of("""
                error    libmamba Could not solve for environment specs
                    The following packages are incompatible
                    ├─ foo ==9.9 * does not exist (perhaps a typo or a missing channel);
                    └─ bar >=2 * does not exist (perhaps a typo or a missing channel).
                """)).isEqualTo(new Attempt.Missing(Set.of("foo", "bar")));
    }

    @Test
    void aDependencyThatIsMissingMakesThePackagesUnsatisfiable() {
        Attempt attempt = of("""
                LibMambaUnsatisfiableError: Encountered problems while solving:
                  - package foo-1.0 requires bar >=2, but none of the providers can be installed

                Could not solve for environment specs
                └─ foo ==1.0 * is not installable because it requires
                   └─ bar >=2 *, which does not exist (perhaps a missing channel).
                """);

        assertThat(attempt)
                .isInstanceOfSatisfying(
                        Attempt.Unsatisfiable.class,
                        unsatisfiable ->
                                assertThat(unsatisfiable.reason()).contains("package foo-1.0 requires bar >=2"));
    }

    @Test
    void aChannelThatCannotBeReachedIsNamedWithItsHost() {
        assertThatThrownBy(() -> of("CondaHTTPError: HTTP 000 CONNECTION FAILED for url "
                        + "<https://ci:s3cr3t@channel.invalid/linux-64/repodata.json>\nElapsed: -\n"))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                .hasMessageStartingWith("cannot reach a channel at 'channel.invalid': ")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aReasonIsShortenedToOneLineWithoutItsTree() {
        assertThat(CondaFailure.shortened("""
                The following packages are incompatible
                ├─ alpha ==2.0 can be installed with any of the following options:
                │  └─ alpha 2.0
                └─ alpha ==1.0 cannot be installed because there are no viable options:
                   └─ alpha 1.0, which conflicts with the versions reported above.
                """))
                .isEqualTo(
                        "The following packages are incompatible; alpha ==2.0 can be installed with any of the following "
                                + "options:; alpha 2.0; alpha ==1.0 cannot be installed because there are no viable options: …");
    }

    @Test
    void otherFailuresShowTheLastLine() {
        assertThatThrownBy(() -> of("a line\nNoWritePermissionError: no\n\n"))
                .hasMessage("conda 24.1.2 ended with exit code 1: NoWritePermissionError: no");
    }
}
