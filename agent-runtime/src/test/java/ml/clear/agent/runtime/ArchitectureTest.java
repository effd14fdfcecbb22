// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    private static final String ROOT = "ml.clear.agent.runtime";

    /** As docs/architecture.md lists them, lower ones first. */
    private static final List<String> PACKAGES = List.of(
            "lifecycle",
            "redact",
            "process",
            "execution",
            "config",
            "plugins",
            "network",
            "server",
            "report",
            "storage",
            "checkout",
            "environment",
            "launch",
            "job",
            "worker",
            "boot",
            "cli");

    private static final JavaClasses CLASSES = imported();

    /** The rules name packages, so that nothing needs to be known of classes of libraries. */
    private static JavaClasses imported() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter().importPath(Path.of("target/classes"));
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageHasItsPlaceInTheHouse() {
        Stream<String> packages = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1).replaceFirst("\\..*", ""));

        assertThat(packages.distinct()).containsExactlyInAnyOrderElementsOf(PACKAGES);
    }

    @Test
    void noPackageLooksUp() {
        for (int i = 0; i < PACKAGES.size() - 1; i++) {
            String[] above = PACKAGES.subList(i + 1, PACKAGES.size()).stream()
                    .map(name -> ROOT + "." + name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + PACKAGES.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CLASSES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.pf4j.., plugins.pf4j",
        "com.typesafe.config.., config",
        "okhttp3.., server",
        "okio.., server",
        "tools.jackson.., server",
        "picocli.., cli",
    })
    void aLibraryIsVisibleInOnePackage(String library, String place) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + place + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
