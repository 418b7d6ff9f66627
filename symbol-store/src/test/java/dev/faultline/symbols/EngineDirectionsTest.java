package dev.faultline.symbols;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The engine's own order: bytes flow one way, to the report of a crash; a new arrow that points back fails here. */
@AnalyzeClasses(packages = "dev.faultline.symbols", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineDirectionsTest {
    private static final String ENGINE = "dev.faultline.symbols.";

    /** Nobody sees a package behind its own. Those that see nobody come first, whatever uses them. */
    private static final List<String> ORDER = List.of(
            "bytes",
            "arch",
            "report",
            "demangle",
            "elf",
            "dwarf",
            "ehabi",
            "index",
            "store",
            "coredump",
            "unwind",
            "rtos",
            "variables",
            "logs",
            "fault",
            "analysis");

    @ArchTest
    static void everyPackageSeesOnlyThoseBeforeIt(JavaClasses engine) {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            var behind = ORDER.subList(i + 1, ORDER.size()).stream()
                    .map(name -> ENGINE + name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ENGINE + ORDER.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(behind)
                    .allowEmptyShould(true)
                    .check(engine);
        }
    }

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching(ENGINE + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theEngineHasNoFramework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.hibernate..", "org.slf4j..", "picocli..");

    /** Devices send JSON; what the engine itself says is a record, whoever writes it down. */
    @ArchTest
    static final ArchRule onlyCoredumpsAreReadAsJson = noClasses()
            .that()
            .resideOutsideOfPackage(ENGINE + "coredump..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule theEngineSeesNothingElseOfTheHouse = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.faultline..").and(resideOutsideOfPackage(ENGINE + ".")));
}
