// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What git writes, and what is written for it. */
class GitWordsTest {

    @ParameterizedTest
    @CsvSource({
        "git version 2.31.0, true",
        "git version 2.39.5 (Apple Git-154), true",
        "git version 3.0.0, true",
        "git version 2.30.2, false",
        "git version 1.8.3.1, false",
        "nonsense, false"
    })
    void versionsAreComparedByNumber(String answer, boolean enough) {
        assertThat(GitProgram.isNewEnough(answer)).isEqualTo(enough);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fatal: unable to access: Could not resolve host: h | is unknown",
                "ssh: Could not resolve hostname h: Name or service not known; fatal: Could not read from remote"
                        + " repository. | is unknown",
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @; Host key verification failed. | is not the one in",
                "Host key verification failed. | is not known; add it to",
                "git@h: Permission denied (publickey). | accepts no key of this user",
                "fatal: unable to access: Operation too slow. Less than 1 bytes/sec | did not answer in time",
                "fatal: unable to access: Failed to connect to h port 22 | does not answer",
                "error: RPC failed; curl 18 transfer closed; fatal: early EOF | was lost halfway",
                "fatal: repository 'https://h/a/' not found | no such repository",
                "fatal: something else | fatal: something else"
            })
    void failuresSayWhatToDo(String words, String explanation) {
        assertThat(explained(words).getMessage())
                .startsWith("cannot check out branch 'main' of 'ssh://git@h/a': ")
                .contains(explanation);
    }

    @Test
    void fullDiskIsAFailureOfTheFileSystem() {
        assertThat(explained("fatal: write error: No space left on device").code())
                .isEqualTo(ErrorCode.FILE_SYSTEM);
    }

    @Test
    void progressIsReportedOnceInAWhileWithObjectsBytesAndRate() {
        List<String> lines = new ArrayList<>();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        GitProgress progress = new GitProgress(lines::add, now::get, false);

        progress.line("Receiving objects:  10% (100/1000), 1.20 MiB | 2.40 MiB/s");
        now.set(Instant.EPOCH.plusSeconds(6));
        progress.line("Receiving objects:  42% (420/1000), 12.30 MiB | 4.20 MiB/s");
        progress.line("Receiving objects:  43% (430/1000), 12.40 MiB | 4.20 MiB/s");
        now.set(Instant.EPOCH.plusSeconds(12));
        progress.line("Updating files:  50% (5/10)");
        progress.line("warning: other words");

        assertThat(lines)
                .containsExactly(
                        "git: receiving objects: 42 % of 1000, 12.30 MiB, 4.20 MiB/s",
                        "git: updating files: 50 % of 10");
    }

    @Test
    void sshIsTheUsersOwnAndAsksNothing() {
        Path key = Path.of("/keys/a b");

        assertThat(ssh(Map.of(), Map.of(), Optional.empty())).startsWith("ssh -oBatchMode=yes");
        assertThat(ssh(Map.of("GIT_SSH_COMMAND", "ssh -v"), Map.of("core.sshcommand", "other"), Optional.of(key)))
                .startsWith("ssh -v -oBatchMode=yes")
                .endsWith("-oIdentitiesOnly=yes -i '/keys/a b'");
        assertThat(ssh(Map.of("GIT_SSH", "/opt/my ssh"), Map.of(), Optional.of(key)))
                .startsWith("'/opt/my ssh'");
        assertThat(SshCommand.of(Map.of(), new UserConfiguration(Map.of("core.sshcommand", "plink")), Optional.empty()))
                .isEmpty();
    }

    @Test
    void fetchArgumentsAreSortedByWhatTheyDo() {
        FetchArguments sorted = FetchArguments.of(List.of(
                "--all",
                "--no-tags",
                "--depth",
                "3",
                "--filter=blob:none",
                "--jobs",
                "4",
                "-4",
                "--recurse-submodules"));

        assertThat(sorted)
                .isEqualTo(new FetchArguments(
                        false, true, List.of("--depth", "3", "--filter=blob:none"), List.of("--jobs", "4", "-4")));
    }

    private static String ssh(Map<String, String> environment, Map<String, String> user, Optional<Path> key) {
        return SshCommand.of(environment, new UserConfiguration(user), key).orElseThrow();
    }

    private static AgentException explained(String words) {
        GitFailure failure = new GitFailure(
                GitCommand.in(Path.of("/"), "fetch"), new CommandResult(128, "", words.replace("; ", "\n")));
        return CheckoutFailure.explain(
                failure,
                RepositoryAddress.parse("ssh://git@h/a"),
                new Revision("", "", "main"),
                CredentialChain.empty());
    }
}
