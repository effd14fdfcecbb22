// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentPolicyTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--privileged",
                "--cap-add=SYS_ADMIN",
                "--cap-add CAP_SYS_PTRACE",
                "--cap-add ALL",
                "--security-opt seccomp=unconfined",
                "--security-opt apparmor=unconfined",
                "--device /dev/sda",
                "--device /dev/nvidia0/../sda",
                "--device-cgroup-rule 'a *:* rwm'",
                "--pid=host",
                "--pid container:other",
                "--ipc container:other",
                "--network container:other",
                "--cgroupns=host",
                "--cgroup-parent /",
                "--userns=host",
                "--uts=host",
                "--runtime=other",
                "--env-file /etc/shadow",
                "--label-file /etc/shadow",
                "--volumes-from other",
                "--volume-driver local",
                "-v /:/machine",
                "-v /data/..:/machine",
                "-v /etc:/etc",
                "-v /var/run/docker.sock:/s",
                "-v /proc:/p",
                "-v ~/x:/x",
                "--mount type=bind,src=/,dst=/machine",
                "--mount type=bind,source=/run,target=/r",
                "--mount 'type=volume,dst=/m,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/'",
                "--mount type=image,source=x,dst=/x",
            })
    void whatReachesTheMachineIsRefused(String line) {
        assertThatThrownBy(() -> policy().check(parse(line)))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("is refused")
                .hasMessageContaining("agent.executor.docker.trust_tasks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--ipc=host --network host",
                "--gpus all --device /dev/nvidia0 --device /dev/infiniband/uverbs0 --device nvidia.com/gpu=0",
                "--cap-add IPC_LOCK --cap-drop ALL --security-opt no-new-privileges",
                "-v /data:/data -v named:/n -v /anonymous -v /dev/shm:/dev/shm",
                "--mount type=tmpfs,dst=/t --mount type=volume,src=named,dst=/n",
                "--privileged=false --pid=private --runtime=nvidia --user 1000 -e A=1 -p 80",
            })
    void whatStaysInTheContainerIsAccepted(String line) {
        assertThatCode(() -> policy().check(parse(line))).doesNotThrowAnyException();
    }

    @Test
    void filesOfTheAgentAreProtectedAlsoBehindLinksAndFromFoldersAbove() throws Exception {
        Path kept = Files.createDirectories(folder.resolve("state/agent"));
        Path link = Files.createSymbolicLink(folder.resolve("innocent"), kept);
        ArgumentPolicy policy = new ArgumentPolicy(List.of(kept));

        for (Path path : List.of(kept, kept.resolve("deeper"), kept.getParent(), link)) {
            assertThatThrownBy(() -> policy.check(parse("-v " + path + ":/x")))
                    .as(path.toString())
                    .hasMessageContaining("belongs to the agent");
        }
        assertThatCode(() -> policy.check(parse("-v " + folder.resolve("data") + ":/x")))
                .doesNotThrowAnyException();
    }

    private ArgumentPolicy policy() {
        return new ArgumentPolicy(List.of(folder));
    }

    private static RunArguments parse(String line) {
        return RunArguments.parse(ShellWords.split(line), "the test");
    }
}
