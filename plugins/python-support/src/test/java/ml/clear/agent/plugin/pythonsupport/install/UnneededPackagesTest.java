// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnneededPackagesTest {

    private static final Map<String, String> MARKERS = Map.of("python_version", "3.12", "sys_platform", "linux");

    @TempDir
    Path folder;

    private void installed(String name, String... dependencies) throws IOException {
        Path information = Files.createDirectory(folder.resolve(name + "-1.0.dist-info"));
        StringBuilder metadata = new StringBuilder("Name: " + name + "\nVersion: 1.0\n");
        List.of(dependencies)
                .forEach(line -> metadata.append("Requires-Dist: ").append(line).append('\n'));
        Files.writeString(information.resolve("METADATA"), metadata + "\nRequires-Dist: no field\n");
    }

    private List<String> unneeded(String... requirements) {
        return UnneededPackages.in(
                folder, RequirementsFile.parse(List.of(requirements), Path.of("/"), "the task"), MARKERS);
    }

    @Test
    void whatARequirementNeedsThroughOthersStaysAndTheRestGoes() throws IOException {
        installed("pip");
        installed("App_One", "middle (>=1.0)", "old ; python_version < '3'", "odd; who knows");
        installed("middle", "deep>=0.5,<2; sys_platform == 'linux'");
        installed("deep", "App.One"); // a circle
        installed("old");
        installed("odd");
        installed("orphan", "deep");

        assertThat(unneeded("app-one==1.0")).containsExactly("old", "orphan");
    }

    @Test
    void anExtraNeedsItsPackagesOnlyWhereItIsAskedFor() throws IOException {
        installed("app", "lib[fast]", "plot; extra == 'plots'", "more; extra == 'plots' and python_version < '3'");
        installed("lib", "speed ; extra == \"fast\"", "slow; extra == 'slow'");
        for (String name : List.of("plot", "more", "speed", "slow")) {
            installed(name);
        }

        assertThat(unneeded("app")).containsExactly("more", "plot", "slow");
        assertThat(unneeded("app[plots]>=1")).containsExactly("more", "slow");
    }

    @Test
    void nothingGoesWhereAPackageDoesNotRecordWhatItNeeds() throws IOException {
        installed("orphan");
        Files.writeString(folder.resolve("legacy-1.0.egg-info"), "Name: legacy\nVersion: 1.0\n");

        assertThat(unneeded("legacy")).isEmpty();
    }
}
