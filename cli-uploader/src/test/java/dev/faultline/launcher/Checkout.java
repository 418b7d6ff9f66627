package dev.faultline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The scripts in a copy of the checkout's outline, on a machine of our making: its own PATH, its own JDKs, a Maven that
 * notes its calls. The copy's path has a blank in it.
 */
final class Checkout {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> TOOLS = List.of(
            "sh",
            "dirname",
            "readlink",
            "sed",
            "find",
            "head",
            "tail",
            "mkdir",
            "cp",
            "cat",
            "id",
            "kill",
            "sleep",
            "rm",
            "touch",
            "flock",
            "mv");

    final Path root;
    final Path jdks;
    final Path bin;
    private final Path home;

    Checkout(Path directory) throws IOException {
        root = directory.resolve("check out");
        jdks = Files.createDirectories(directory.resolve("jvm"));
        bin = Files.createDirectories(directory.resolve("bin"));
        home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(root.resolve(".mvn"));
        for (String script : List.of("faultline", "mvnw", "src/main/docker/jvm.options")) {
            Files.createDirectories(root.resolve(script).getParent());
            Files.copy(ROOT.resolve(script), root.resolve(script));
        }
        // the only places outside of this directory that the script looks at
        String findJdk = Files.readString(ROOT.resolve(".mvn/find-jdk.sh"))
                .replace("/usr/lib/jvm", jdks.toString())
                .replace("/Library/", home + "/Library/")
                .replace("/opt/homebrew/", home + "/homebrew/");
        Files.writeString(root.resolve(".mvn/find-jdk.sh"), findJdk);
        for (String source : List.of("pom.xml", "symbol-store/pom.xml", "src/pom.xml", "cli-uploader/pom.xml")) {
            write(root.resolve(source), "<project/>");
        }
        for (String source : List.of("symbol-store/src/main", "src/main/java", "cli-uploader/src/main")) {
            write(root.resolve(source).resolve("Some.java"), "class Some {}");
        }
        for (String tool : TOOLS) {
            script(bin.resolve(tool), "exec " + onThisMachine(tool) + " \"$@\"");
        }
    }

    private static Path onThisMachine(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(directory -> Path.of(directory, tool))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + tool + " here"));
    }

    /** A JDK whose java prints its process id and arguments. */
    Path addJdk(String name, String version) throws IOException {
        Path jdk = jdks.resolve(name);
        script(jdk.resolve("bin/javac"), "echo javac " + version);
        script(jdk.resolve("bin/java"), "echo \"pid $$\"\nfor a in \"$@\"; do echo \"argument $a\"; done");
        write(jdk.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    /** A Maven that notes JAVA_HOME and arguments, and makes what the launcher wants built. */
    void addMaven() throws IOException {
        script(bin.resolve("mvn"), """
                echo "$JAVA_HOME $*" >>"%1$s/maven-calls"
                mkdir -p cli-uploader/target target/quarkus-app
                echo jar >cli-uploader/target/faultline.jar
                echo jar >target/quarkus-app/quarkus-run.jar
                """.formatted(root));
    }

    /** A Maven whose build fails. */
    void addBrokenMaven() throws IOException {
        script(bin.resolve("mvn"), "echo '[ERROR] Some.java: a semicolon is missing'\nexit 1");
    }

    List<String> mavenCalls() throws IOException {
        Path calls = root.resolve("maven-calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** Sets when every source was last changed, some seconds before now. */
    void age() throws IOException {
        var before = java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() - 60_000);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, before);
            }
        }
    }

    /** Runs a script of the checkout from a directory that is not it. */
    Outcome run(Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve(script).toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(Map.of("PATH", bin.toString(), "HOME", home.toString())));
        builder.environment().putAll(environment);
        Path out = Files.createTempFile(home, "out", "");
        Path err = Files.createTempFile(home, "err", "");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        return new Outcome(
                process.pid(),
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** How a script ended. */
    record Outcome(long pid, int exitCode, String out, String err) {}

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void script(Path file, String body) throws IOException {
        Files.deleteIfExists(file);
        write(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
