// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import static org.assertj.core.api.Assertions.assertThat;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import org.junit.jupiter.api.Test;

class PoetryFailureTest {

    private static AgentException failure(String output) {
        return PoetryFailure.of(new CommandResult(1, output, ""));
    }

    @Test
    void aLockFileThatDoesNotFitIsReportedWithTheCommandThatHelps() {
        assertThat(failure("""
                Installing dependencies from lock file

                pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.
                """))
                .hasMessage("poetry.lock does not fit pyproject.toml; run 'poetry lock' and commit the result");
    }

    @Test
    void theReasonOfTheSolverIsReported() {
        assertThat(failure("""
                Updating dependencies
                Resolving dependencies...

                Because demo depends on alpha (==9) which doesn't match any versions, version solving failed.
                """))
                .hasMessage(
                        "poetry cannot install the project: Because demo depends on alpha (==9) which doesn't match any"
                                + " versions, version solving failed");
    }

    @Test
    void aSourceThatRefusesAccessIsReportedWithTheVariablesThatHelp() {
        assertThat(failure("""
                Resolving dependencies...
                Source (team-mirror): Authorization error accessing http://127.0.0.1:1/simple/alpha/

                Because demo depends on alpha (*) which doesn't match any versions, version solving failed.
                """))
                .hasMessageContaining("the package source 'team-mirror' refuses access")
                .hasMessageContaining("POETRY_HTTP_BASIC_TEAM_MIRROR_USERNAME");
    }

    @Test
    void anInterpreterThatTheProjectDoesNotAllowIsReported() {
        assertThat(failure("\nCurrent Python version (3.11.7) is not allowed by the project (>=3.13).\n"))
                .hasMessageStartingWith("the project requires Python >=3.13, but the task runs with 3.11.7");
    }

    @Test
    void anIndexThatDoesNotAnswerIsAFaultOfTheNetwork() {
        assertThat(failure("All attempts to connect to packages.invalid failed.")
                        .code())
                .isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
    }

    @Test
    void anInvalidProjectIsReportedWithItsFaults() {
        assertThat(failure("""

                The Poetry configuration is invalid:
                  - Either [project.name] or [tool.poetry.name] is required in package mode.

                """))
                .hasMessageContaining("Either [project.name] or [tool.poetry.name] is required in package mode");
    }

    @Test
    void anyOtherFailureIsReportedByItsLastLine() {
        assertThat(failure("one\n\nThe end of it.\n")).hasMessage("poetry cannot install the project: The end of it");
    }
}
