// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentFileTest {

    @TempDir
    private Path folder;

    private EnvironmentFile read(String text) throws IOException {
        return EnvironmentFile.read(Files.writeString(folder.resolve("environment.yml"), text));
    }

    @Test
    void channelsDependenciesThePipSectionAndVariablesAreRead() throws IOException {
        EnvironmentFile file = read("""
                name: project
                channels: [conda-forge, nodefaults]
                dependencies:
                  - python=3.11   # the version in production
                  - "numpy>=1.20"
                  - pip
                  - pip:
                      - six==1.16.0
                      - -r more.txt
                variables:
                  SPEED: 3
                prefix: /opt/conda/envs/project
                """);

        assertThat(file.channels()).containsExactly("conda-forge", "nodefaults");
        assertThat(file.dependencies()).containsExactly("python=3.11", "numpy>=1.20", "pip");
        assertThat(file.pip()).containsExactly("six==1.16.0", "-r more.txt");
        assertThat(file.variables()).containsEntry("SPEED", "3");
    }

    @Test
    void membersThatAreAbsentOrEmptyAreNoError() throws IOException {
        EnvironmentFile file = read("name: project\ndependencies:\n");

        assertThat(file.dependencies()).isEmpty();
        assertThat(file.channels()).isEmpty();
    }

    @Test
    void anErrorNamesTheFileAndTheLine() {
        assertThatThrownBy(() -> read("name: project\ndependencies: [python\nchannels: x\n"))
                .isInstanceOf(AgentException.class)
                .hasMessageStartingWith("environment.yml:3: ");
        assertThatThrownBy(() -> read("- python\n"))
                .hasMessage("'environment.yml' has no members such as 'dependencies'; correct the file");
        assertThatThrownBy(() -> read("dependencies: python\n"))
                .hasMessage("'environment.yml' has a member 'dependencies' that is no list; correct the file");
    }

    @Test
    void theFileNearestToTheScriptIsFound() throws IOException {
        Path script = Files.createDirectories(folder.resolve("a/b"));
        SourceTree tree = new SourceTree(folder, script, true);
        assertThat(EnvironmentFile.find(tree)).isEmpty();

        Path root = Files.writeString(folder.resolve("environment.yml"), "{}");
        assertThat(EnvironmentFile.find(tree)).contains(root);

        Path near = Files.writeString(folder.resolve("a/environment.yaml"), "{}");
        assertThat(EnvironmentFile.find(tree)).contains(near);
    }
}
