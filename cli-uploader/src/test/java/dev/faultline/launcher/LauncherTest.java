package dev.faultline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts `mvnw` and `faultline`, on machines that have this and lack that. */
class LauncherTest {
    private static final Map<String, String> PLAIN = Map.of();

    private Checkout checkout;

    @BeforeEach
    void makeCheckout(@TempDir Path directory) throws IOException {
        checkout = new Checkout(directory);
    }

    @Test
    void withoutAFittingJdkOneSentenceSaysWhatToInstall() throws Exception {
        Path old = checkout.addJdk("java-17", "17.0.15");

        var outcome = checkout.run(Map.of("JAVA_HOME", old.toString()), "mvnw", "verify");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("Faultline needs a JDK 25 or newer: install one (Debian: temurin-25-jdk or openjdk-25-jdk)"
                        + " or set JAVA_HOME to it.\n");
    }

    @Test
    void withoutMavenOneSentenceSaysWhatToInstall() throws Exception {
        checkout.addJdk("java-25", "25.0.1");

        var outcome = checkout.run(PLAIN, "mvnw", "verify");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("Faultline builds with Maven 3.8.7 or newer: install it (Debian: apt-get install maven).\n");
    }

    @Test
    void theDefaultJavaMayBe17WhenA25IsInstalledBesideIt() throws Exception {
        Path old = checkout.addJdk("java-17", "17.0.15");
        Path fitting = checkout.addJdk("java-25", "25.0.1");
        Files.createSymbolicLink(checkout.bin.resolve("javac"), old.resolve("bin/javac"));
        Files.createSymbolicLink(checkout.bin.resolve("java"), old.resolve("bin/java"));
        checkout.addMaven();

        var outcome = checkout.run(PLAIN, "mvnw", "verify");

        assertThat(outcome.exitCode()).isZero();
        assertThat(checkout.mavenCalls()).containsExactly(fitting + " verify");
    }

    @Test
    void javaHomeIsTakenWhereItFits() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        Path wanted = checkout.addJdk("z-java-26", "26-ea");
        checkout.addMaven();

        checkout.run(Map.of("JAVA_HOME", wanted.toString()), "mvnw", "verify");

        assertThat(checkout.mavenCalls()).containsExactly(wanted + " verify");
    }

    @Test
    void aCommandIsBuiltOnceAndAgainWhenASourceChangesOrGoes() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        checkout.addMaven();
        checkout.age();

        assertThat(checkout.run(PLAIN, "faultline", "symbolicate", "--elf", "a b.elf")
                        .out())
                .contains("argument symbolicate\nargument --elf\nargument a b.elf\n");
        assertThat(checkout.mavenCalls())
                .hasSize(1)
                .allSatisfy(call -> assertThat(call).endsWith("-Dmaven.test.skip package -pl cli-uploader -am"));
        checkout.run(PLAIN, "faultline", "--version");
        assertThat(checkout.mavenCalls()).hasSize(1);

        Path source = checkout.root.resolve("symbol-store/src/main/Some.java");
        Thread.sleep(20); // a file system's clock may tick in milliseconds
        Files.writeString(source, "class Other {}");
        checkout.run(PLAIN, "faultline", "--version");
        assertThat(checkout.mavenCalls()).hasSize(2);

        Thread.sleep(20);
        Files.delete(source);
        checkout.run(PLAIN, "faultline", "--version");
        assertThat(checkout.mavenCalls()).hasSize(3);
    }

    @Test
    void aBuildThatFailsShowsItsEndAndWhereTheRestIs() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        checkout.addBrokenMaven();

        var outcome = checkout.run(PLAIN, "faultline", "--version");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains("[ERROR] Some.java: a semicolon is missing")
                .endsWith("the build failed; all of its output is in " + checkout.root + "/target/build.log\n");
    }

    @Test
    void serveBecomesTheServiceItself() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        checkout.addMaven();

        var outcome = checkout.run(PLAIN, "faultline", "serve", "--port=8081", "--data-dir", "my data");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("pid " + outcome.pid() + "\n")
                .contains("argument @" + checkout.root + "/src/main/docker/jvm.options\n")
                .contains("argument -Dquarkus.http.host=127.0.0.1\n")
                .contains("argument -Dquarkus.http.port=8081\n")
                .contains("argument -Dfaultline.data-dir=my data\n")
                .endsWith("argument -jar\nargument " + checkout.root + "/target/quarkus-app/quarkus-run.jar\n");
        assertThat(checkout.mavenCalls()).singleElement().asString().endsWith("-pl src -am");
    }

    @Test
    void serveKeepsItsDataInTheCheckoutWhereverItIsStarted() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        checkout.addMaven();

        assertThat(checkout.run(PLAIN, "faultline", "serve").out())
                .contains("argument -Dfaultline.data-dir=" + checkout.root + "/data\n");
        assertThat(checkout.run(Map.of("FAULTLINE_DATA_DIR", "elsewhere"), "faultline", "serve")
                        .out())
                .contains("argument -Dfaultline.data-dir=elsewhere\n");
    }

    @Test
    void aCommandLineThatCanNotBeMeantIsRefusedBeforeAnythingIsBuilt() throws Exception {
        checkout.addJdk("java-25", "25.0.1");

        var port = checkout.run(PLAIN, "faultline", "serve", "--port", "99999");
        assertThat(port.exitCode()).isEqualTo(2);
        assertThat(port.err()).isEqualTo("faultline: --port wants a number from 1 to 65535, not '99999'\n");

        var option = checkout.run(PLAIN, "faultline", "serve", "--dmeo");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err()).isEqualTo("faultline: serve does not know --dmeo; see faultline serve --help\n");

        var value = checkout.run(PLAIN, "faultline", "serve", "--data-dir");
        assertThat(value.exitCode()).isEqualTo(2);
        assertThat(value.err()).startsWith("faultline: --data-dir needs a value");
    }

    @Test
    void theScriptIsFoundThroughASymbolicLink() throws Exception {
        checkout.addJdk("java-25", "25.0.1");
        checkout.addMaven();
        Files.createSymbolicLink(checkout.bin.resolve("fl"), checkout.root.resolve("faultline"));

        var outcome = checkout.run(PLAIN, checkout.bin.resolve("fl").toString(), "--version");

        assertThat(outcome.out()).contains("argument --version\n");
    }
}
