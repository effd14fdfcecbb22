// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ml.clear.agent.api");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("ml.clear.agent.api.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyTypesOfTheJdkAreSeen() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.net.ssl..", "org.jspecify..", "ml.clear.agent.api..")
                .check(classes);
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
                .check(classes);
    }

    private static boolean isNoTypeToRelyOn(JavaClass type) {
        return type.isEquivalentTo(Stability.class)
                || type.getSimpleName().equals("package-info")
                || type.getSimpleName().equals("module-info");
    }
}
