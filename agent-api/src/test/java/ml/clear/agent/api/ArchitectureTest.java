// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = imported();

    /** The rules name packages, so that nothing needs to be known of classes of libraries. */
    private static JavaClasses imported() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter().importPath(Path.of("target/classes"));
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("ml.clear.agent.api.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTypesOfTheJdkAreSeen() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.net.ssl..", "org.jspecify..", "ml.clear.agent.api..")
                .check(CLASSES);
    }

    @Test
    void everyPublicTypeSaysHowStableItIs() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and(DescribedPredicate.not(
                        DescribedPredicate.describe("is no type to rely on", ArchitectureTest::isNoTypeToRelyOn)))
                .should()
                .beAnnotatedWith(Stability.Incubating.class)
                .orShould()
                .beAnnotatedWith(Stability.Stable.class)
                .check(CLASSES);
    }

    private static boolean isNoTypeToRelyOn(JavaClass type) {
        return type.isEquivalentTo(Stability.class)
                || type.getSimpleName().equals("package-info")
                || type.getSimpleName().equals("module-info");
    }
}
