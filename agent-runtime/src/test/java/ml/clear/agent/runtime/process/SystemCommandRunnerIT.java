// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.process.SecretFile;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCommandRunnerIT {

    private final SystemCommandRunner runner = new SystemCommandRunner();

    private final Path folder;

    SystemCommandRunnerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void returnsBothStreamsAndTheCode() throws Exception {
        CommandResult result = runner.run(
                Command.of("sh", "-c", "echo out; echo err >&2; exit 3").build());
        assertThat(result).isEqualTo(new CommandResult(3, "out\n", "err\n"));
        assertThat(runner.run(Command.of("sh", "-c", "kill -9 $$").build()).exitCode())
                .isEqualTo(137);
    }

    @Test
    void showsEachLineAsItComesAndAnOverwrittenOneOnce() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        Thread command = Thread.ofVirtual().start(() -> {
            try {
                runner.run(
                        Command.of(
                                        "sh",
                                        "-c",
                                        "echo one; while [ ! -e go ]; do sleep 0.02; done; printf '1%%\\r99%%\\nend'")
                                .directory(folder)
                                .build(),
                        line -> {
                            lines.add(line);
                            first.countDown();
                        });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).containsExactly("one");
        Files.createFile(folder.resolve("go"));
        command.join();
        assertThat(lines).containsExactly("one", "99%", "end");
    }

    @Test
    void keepsTheLastMebibyteAndWholeCharacters() throws Exception {
        CommandResult result = runner.run(
                Command.of("sh", "-c", "yes é | head -c 3000000; echo end").build());
        assertThat(result.output()).endsWith("end\n").doesNotContain("\ufffd");
        assertThat(result.output().getBytes(StandardCharsets.UTF_8).length).isBetween((1 << 20) - 4, 1 << 20);
    }

    @Test
    void givesInputOrNone() throws Exception {
        assertThat(runner.run(Command.of("cat").build()).output()).isEmpty();
        assertThat(runner.run(Command.of("cat").input("é\n").build()).output()).isEqualTo("é\n");
        String large = "x".repeat(1 << 20);
        assertThat(runner.run(Command.of("true").input(large).build()).succeeded())
                .isTrue();
    }

    @Test
    void setsAndRemovesVariables() throws Exception {
        CommandResult result = runner.run(Command.of("sh", "-c", "echo $A-${HOME:-none}")
                .environment("A", "1")
                .removeVariable("HOME")
                .build());
        assertThat(result.output()).isEqualTo("1-none\n");
    }

    @Test
    void secretFilesAreReadByAllDescendantsAndHaveNoName() throws Exception {
        SecretFile first = new SecretFile(Secret.of("one\n"), List.of("FIRST", "LIST"));
        SecretFile second = new SecretFile(Secret.of("two\n"), List.of("SECOND"));
        String closesDescriptors = "import os, subprocess; print(open(os.environ['SECOND']).read(), end='');"
                + " subprocess.run(['sh', '-c', 'cat $FIRST; echo $LIST; readlink $FIRST; env'], check=True)";

        CommandResult result = runner.run(Command.of("python3", "-u", "-c", closesDescriptors)
                .environment("LIST", "/etc/hgrc:")
                .secretFile(first)
                .secretFile(second)
                .build());

        List<String> lines = result.output().lines().toList();
        assertThat(lines.subList(0, 2)).as(result.errors()).containsExactly("two", "one");
        assertThat(lines.get(2)).matches("/etc/hgrc:/proc/\\d+/fd/3");
        assertThat(lines.get(3)).endsWith("(deleted)");
        assertThat(lines.subList(4, lines.size())).noneMatch(line -> line.endsWith("=one") || line.endsWith("=two"));
    }

    @Test
    void missingProgramSaysWhatToInstall() {
        assertThatThrownBy(() -> runner.run(Command.of("no-such-program-here").build()))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_MISSING))
                .hasMessageContaining("'no-such-program-here'")
                .hasMessageContaining("install");
        assertThatThrownBy(() -> runner.run(
                        Command.of("true").directory(folder.resolve("none")).build()))
                .hasMessageContaining("not a folder");
    }

    @Test
    void timeLimitKillsAllThatDescendsEvenWhatLeftItsSession() throws Exception {
        assertThatThrownBy(() ->
                        runner.run(stubborn().timeout(Duration.ofMillis(700)).build()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("did not end within");
        assertThat(alive("grandchild")).isFalse();
        assertThat(alive("daemon")).isFalse();
    }

    @Test
    void interruptionKillsAllThatDescends() throws Exception {
        Thread thread = Thread.ofPlatform().start(() -> {
            assertThatThrownBy(() -> runner.run(stubborn().build())).isInstanceOf(InterruptedException.class);
        });
        await(folder.resolve("daemon"));
        thread.interrupt();
        thread.join();
        assertThat(alive("grandchild")).isFalse();
        assertThat(alive("daemon")).isFalse();
    }

    @Test
    void processInTheBackgroundDoesNotHoldTheResult() throws Exception {
        long start = System.nanoTime();
        CommandResult result = runner.run(Command.of("sh", "-c", "sleep 20 & echo $! > pid; echo done")
                .directory(folder)
                .build());
        assertThat(result.output()).isEqualTo("done\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).trim());
        ProcessIdentity.of(pid).ifPresent(ProcessIdentity::kill);
    }

    private Command.Builder stubborn() {
        return Command.of(
                        "sh",
                        "-c",
                        "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > grandchild; while true; do sleep 0.05; done' &"
                                + " (setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; sleep 60' &) ;"
                                + " while true; do sleep 0.05; done")
                .directory(folder);
    }

    private boolean alive(String name) throws Exception {
        await(folder.resolve(name));
        long pid = Long.parseLong(Files.readString(folder.resolve(name)).trim());
        return ProcStat.read(pid).filter(ProcStat::running).isPresent();
    }

    private static void await(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!Files.exists(file) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
