// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;

class UvFailureTest {

    private static AgentException failure(String errors, String... lines) {
        return UvFailure.of(
                new CommandResult(1, "", errors),
                "the requirements",
                RequirementsFile.parse(List.of(lines), Path.of("/"), "the task's requirements")
                        .requirements());
    }

    @Test
    void theRequirementWithoutSolutionIsNamedWithTheReasonOfTheSolver() {
        AgentException error = failure("""
                Using Python 3.11.7 environment at: env
                error: No solution found when resolving dependencies
                  cause: Because there is no version of alpha==9.9 and you require alpha==9.9, we can conclude that your requirements are unsatisfiable.
                """, "six", "alpha==9.9");

        assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE);
        assertThat(error)
                .hasMessage(
                        "uv cannot install 'alpha==9.9' of the task's requirements: Because there is no version of"
                                + " alpha==9.9 and you require alpha==9.9, we can conclude that your requirements are unsatisfiable");
    }

    @Test
    void theTreeOfCausesOfOlderVersionsIsReadToo() {
        AgentException error = failure("""
                  × No solution found when resolving dependencies:
                  ╰─▶ Because all versions of beta depend on alpha<2 and you require beta, we can
                      conclude that your requirements are unsatisfiable.
                """, "beta");

        assertThat(error)
                .hasMessage(
                        "uv cannot install 'beta' of the task's requirements: Because all versions of beta depend on"
                                + " alpha<2 and you require beta, we can conclude that your requirements are unsatisfiable");
    }

    @Test
    void anIndexThatDoesNotAnswerIsNamedWithoutItsPassword() {
        AgentException error = failure("""
                error: Request failed after 3 retries in 4.3s
                  cause: Failed to fetch: https://ci:s3cr3t@packages.invalid/simple/alpha/
                  cause: dns error
                """, "alpha");

        assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
        assertThat(error).hasMessageStartingWith("uv cannot reach the package index 'packages.invalid': dns error");
    }

    @Test
    void aCertificateThatIsNotTrustedIsNotTakenForAnIndexThatDoesNotAnswer() {
        AgentException error = failure("""
                error: Failed to fetch: https://packages.invalid/simple/idna/
                  cause: client error (Connect)
                  cause: invalid peer certificate: UnknownIssuer
                """, "idna");

        assertThat(error)
                .hasMessageContaining("does not trust the certificate of the package index 'packages.invalid'");
    }

    @Test
    void digestsThatDoNotMatchAreReported() {
        AgentException error = failure("""
                Resolved 1 package in 121ms
                error: Failed to download `alpha==1.0`
                  cause: Hash mismatch for `alpha==1.0`
                """, "alpha==1.0 --hash=sha256:00");

        assertThat(error).hasMessageContaining("Failed to download `alpha==1.0` Hash mismatch");
    }

    @Test
    void anUnknownArgumentIsReported() {
        assertThat(failure("error: unexpected argument '--foo' found\n\nUsage: uv pip install\n", "alpha"))
                .hasMessageContaining("unexpected argument '--foo' found");
    }

    @Test
    void aSilentEndIsReportedByItsCode() {
        assertThat(failure("", "alpha")).hasMessageContaining("uv ended with exit code 1");
    }
}
