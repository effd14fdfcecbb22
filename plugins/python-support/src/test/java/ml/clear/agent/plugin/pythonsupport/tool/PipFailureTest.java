// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;

class PipFailureTest {

    private static AgentException failure(String output, String... lines) {
        List<Requirement> requirements = RequirementsFile.parse(List.of(lines), Path.of("/"), "the task's requirements")
                .requirements();
        return PipFailure.of(new CommandResult(1, "", output), requirements);
    }

    @Test
    void aVersionThatDoesNotExistIsToldWithThoseThatDo() {
        AgentException error = failure("""
                ERROR: Could not find a version that satisfies the requirement numpy==99 (from versions: 1.0, 2.0, 2.1)
                ERROR: No matching distribution found for numpy==99
                """, "six", "numpy==99");

        assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE);
        assertThat(error)
                .hasMessage("pip cannot install 'numpy==99' of the task's requirements: "
                        + "No matching distribution found for numpy==99 (there are 1.0, 2.0, 2.1)");
    }

    @Test
    void aPackageThatDoesNotExistIsNoNetworkFailure() {
        AgentException error = failure("""
                ERROR: Could not find a version that satisfies the requirement nosuch (from versions: none)
                ERROR: No matching distribution found for nosuch
                """, "nosuch");

        assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE);
    }

    @Test
    void aMachineWithoutNetworkIsToldApart() {
        AgentException error = failure("""
                WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('host=x: \
                Temporary failure in name resolution')': /simple/six/
                ERROR: Could not find a version that satisfies the requirement six (from versions: none)
                ERROR: No matching distribution found for six
                """, "six");

        assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
        assertThat(error).hasMessageContainingAll("cannot reach", "HTTPS_PROXY");
    }

    @Test
    void aCertificateThatIsNotTrustedSaysWhereToNameTheBundle() {
        AgentException error = failure("""
                Could not fetch URL: SSLError(MaxRetryError("HTTPSConnectionPool(host='index.example', port=443): \
                CERTIFICATE_VERIFY_FAILED"))
                ERROR: No matching distribution found for six
                """, "six");

        assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
        assertThat(error).hasMessageContainingAll("index.example", "SSL_CERT_FILE");
    }

    @Test
    void aConflictKeepsPipsWords() {
        assertThat(failure(
                        "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.",
                        "a==1",
                        "b==2"))
                .hasMessageContaining("because these package versions have conflicting dependencies");
    }

    @Test
    void aFailingBuildNamesThePackage() {
        CommandResult result = new CommandResult(1, "", "ERROR: Failed building wheel for pygobject\n");

        assertThat(PipFailure.building(result)).isTrue();
        assertThat(failure(result.errors(), "six", "PyGObject")).hasMessageContaining("'PyGObject'");
    }

    @Test
    void passwordsDoNotReachTheMessage() {
        assertThat(failure("ERROR: Invalid requirement: https://ci:s3cr3t@host/x y", "https://ci:s3cr3t@host/x.whl"))
                .message()
                .doesNotContain("s3cr3t");
    }

    @Test
    void aFullDiskIsNoFaultOfTheRequirements() {
        assertThat(failure("ERROR: Could not install packages: [Errno 28] No space left on device", "six")
                        .code())
                .isEqualTo(ErrorCode.FILE_SYSTEM);
    }
}
