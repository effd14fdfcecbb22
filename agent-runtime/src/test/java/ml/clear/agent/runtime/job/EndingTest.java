// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.job.Ending.Status.Kind;
import org.junit.jupiter.api.Test;

class EndingTest {

    @Test
    void aScriptThatExitsWithZeroIsCompleted() {
        Ending ending = Ending.of(new Outcome.Exited(0), Optional.empty());

        assertThat(ending.status()).isEqualTo(new Ending.Status(Kind.COMPLETED, "worker execution done"));
        assertThat(ending.exitCode()).isZero();
    }

    @Test
    void anotherExitCodeIsPassedOnAndNamed() {
        Ending ending = Ending.of(new Outcome.Exited(3), Optional.empty());

        assertThat(ending.status()).isEqualTo(new Ending.Status(Kind.FAILED, "worker execution exit code 3"));
        assertThat(ending.words()).isEqualTo("Process failed, exit code 3");
        assertThat(ending.exitCode()).isEqualTo(3);
    }

    @Test
    void aSignalIsNamedAndBecomesTheExitCodeOfAShell() {
        Ending ending = Ending.of(new Outcome.Signalled(11), Optional.empty());

        assertThat(ending.status().kind()).isEqualTo(Kind.FAILED);
        assertThat(ending.status().reason()).contains("SIGSEGV");
        assertThat(ending.exitCode()).isEqualTo(139);
    }

    @Test
    void memoryIsToldWithItsPeak() {
        Ending ending = Ending.of(new Outcome.OutOfMemory(512L << 20), Optional.empty());

        assertThat(ending.status().reason()).contains("memory", "512 MiB");
        assertThat(ending.exitCode()).isEqualTo(137);
    }

    @Test
    void aRequestedStopEndsAsStoppedWithAnyExitCode() {
        Ending ending = Ending.of(new Outcome.Exited(0), Optional.of(AbortReason.STOP_REQUESTED));

        assertThat(ending.status()).isEqualTo(new Ending.Status(Kind.STOPPED, "task was stopped by tasks.stop"));
    }

    @Test
    void aStatusThatAnotherClientSetIsKept() {
        Ending ending = Ending.of(new Outcome.Signalled(15), Optional.of(AbortReason.STATUS_CHANGED));

        assertThat(ending.status().kind()).isEqualTo(Kind.LEFT_ALONE);
    }

    @Test
    void aTimeOutWhileATaskIsSetUpHasAnExitCodeOfItsOwn() {
        AgentException timeOut = new AgentException(ErrorCode.TIMED_OUT, "'pip' did not end within 5 s");

        assertThat(Ending.notSetUp("why", timeOut).exitCode()).isEqualTo(124);
        assertThat(Ending.notSetUp("why", new IllegalStateException()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void aTaskThatCouldNotBeSetUpFailsWithTheReason() {
        Ending ending = Ending.notSetUp("pip found no version of 'nope'");

        assertThat(ending.status().kind()).isEqualTo(Kind.FAILED);
        assertThat(ending.status().reason()).contains("pip found no version of 'nope'");
        assertThat(ending.exitCode()).isEqualTo(1);
    }

    @Test
    void aTaskOfAnotherRunIsDisownedAndOneThatAnotherEndedIsLeftAlone() {
        for (AbortReason reason : AbortReason.values()) {
            assertThat(Ending.abortedBeforeStart(reason).status().kind() == Kind.DISOWNED)
                    .as(reason.name())
                    .isEqualTo(reason.isOfAnotherRun());
        }
        assertThat(Ending.abortedBeforeStart(AbortReason.STATUS_CHANGED)
                        .status()
                        .kind())
                .isEqualTo(Kind.LEFT_ALONE);
    }

    @Test
    void theReasonNamesTheStepThatWouldNotStop() {
        Ending ending = Ending.abortedInTrouble(AbortReason.SIGNAL, "it is in a.B.c (B.java:1)");

        assertThat(ending.status()).isEqualTo(new Ending.Status(Kind.STOPPED, "user abort; it is in a.B.c (B.java:1)"));
        assertThat(Ending.abortedInTrouble(AbortReason.PROCESS_ENDING, "ended by a.B.c")
                        .status())
                .isEqualTo(
                        new Ending.Status(Kind.FAILED, "set-up failed: ended by a.B.c; this is a defect of that code"));
    }
}
