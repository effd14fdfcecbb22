// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPackagesTest {

    @TempDir
    private Path folder;

    @Test
    void anEnvironmentServesOnlyInterpretersWithTheSamePackagesOfTheirOwn() throws IOException {
        Path one = packages("one", "torch-2.1");
        Path same = packages("same", "torch-2.1");
        Path other = packages("other", "torch-2.2");

        assertThat(identity(one)).isEqualTo(identity(same)).isNotEqualTo(identity(other));
        assertThat(new SystemPackages(false, List.of()).identity()).isEqualTo("false");
    }

    @Test
    void whatAnEnvironmentSeesIsRecordedUnlessItHasItItself() throws IOException {
        VirtualEnvironment environment = new VirtualEnvironment(folder.resolve("venv"));
        Path own = Files.createDirectories(folder.resolve("venv/lib/python3.11/site-packages"));
        add(own, "six-1.17.0");
        Path below = packages("image", "torch-2.1", "six-1.16.0", "pip-23.0");

        assertThat(FrozenEnvironment.of(
                        environment, List.of(below), Version.of("3.11").orElseThrow(), RequirementSet.EMPTY, folder))
                .containsExactly("six==1.17.0", "torch==2.1");
    }

    private static String identity(Path packages) {
        return new SystemPackages(true, List.of(packages)).identity();
    }

    private Path packages(String name, String... packages) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        for (String one : packages) {
            add(place, one);
        }
        return place;
    }

    private static void add(Path place, String one) throws IOException {
        String[] parts = one.split("-");
        Files.writeString(
                Files.createDirectories(place.resolve(one + ".dist-info")).resolve("METADATA"),
                "Name: " + parts[0] + "\nVersion: " + parts[1] + "\n");
    }
}
