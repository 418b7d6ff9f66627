package dev.faultline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows one way through the house; a new arrow that points back fails here. */
@AnalyzeClasses(packages = "dev.faultline", importOptions = ImportOption.DoNotIncludeTests.class)
class DirectionsTest {

    @ArchTest
    static final ArchRule theEngineDoesNotSeeTheService = noClasses()
            .that()
            .resideInAPackage("dev.faultline.symbols..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.faultline",
                    "dev.faultline.http..",
                    "dev.faultline.access..",
                    "dev.faultline.fleet..",
                    "dev.faultline.heartbeat..",
                    "dev.faultline.exposure..",
                    "dev.faultline.symbolfile..",
                    "dev.faultline.ingest..",
                    "dev.faultline.crash..",
                    "dev.faultline.fingerprint..",
                    "dev.faultline.rules..",
                    "dev.faultline.regroup..",
                    "dev.faultline.similarity..",
                    "dev.faultline.cluster..",
                    "dev.faultline.release..",
                    "dev.faultline.search..",
                    "dev.faultline.view..",
                    "dev.faultline.triage..",
                    "dev.faultline.sequential..",
                    "dev.faultline.pipeline..",
                    "dev.faultline.examination..",
                    "dev.faultline.web..",
                    "dev.faultline.ops..");

    @ArchTest
    static final ArchRule theEngineHasNoFramework = noClasses()
            .that()
            .resideInAPackage("dev.faultline.symbols..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.hibernate..");

    @ArchTest
    static final ArchRule nobodySeesTheWeb = noClasses()
            .that()
            .resideOutsideOfPackage("dev.faultline.web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.faultline.web..");

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.faultline.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatIsSharedKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage("dev.faultline.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.faultline.access..",
                    "dev.faultline.fleet..",
                    "dev.faultline.heartbeat..",
                    "dev.faultline.exposure..",
                    "dev.faultline.symbolfile..",
                    "dev.faultline.ingest..",
                    "dev.faultline.crash..",
                    "dev.faultline.fingerprint..",
                    "dev.faultline.rules..",
                    "dev.faultline.regroup..",
                    "dev.faultline.similarity..",
                    "dev.faultline.triage..",
                    "dev.faultline.cluster..",
                    "dev.faultline.release..",
                    "dev.faultline.pipeline..",
                    "dev.faultline.examination..",
                    "dev.faultline.web..");

    @ArchTest
    static final ArchRule fingerprintsAreMadeOfReportsAlone = classes()
            .that()
            .resideInAPackage("dev.faultline.fingerprint..")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(
                    "dev.faultline.cluster..",
                    "dev.faultline.crash..",
                    "dev.faultline.ingest..",
                    "dev.faultline.pipeline..",
                    "dev.faultline.release..",
                    "dev.faultline.rules..",
                    "dev.faultline.regroup..",
                    "dev.faultline.similarity..",
                    "dev.faultline.fleet..",
                    "dev.faultline.heartbeat..",
                    "dev.faultline.exposure..",
                    "javax.sql..");
}
