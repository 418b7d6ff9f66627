package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The commands against the packaged service, in the order a team would meet them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PROCESSING = Duration.ofSeconds(60);
    private static final String CRASH = "main-fw-1.0.0-rev-a-unknown-channel";

    private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        service = new RunningService(directory, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    @Order(1)
    void aCrashBeforeItsSymbolsWaitsAndIsShownOnceTheyAreUploaded() throws Exception {
        Run upload = run("crash", "upload", "--json", Fixtures.core(CRASH).toString());
        assertThat(upload.exitCode()).isZero();
        String id = JSON.readTree(upload.out()).path("crashId").asText();

        assertThat(shownOnceProcessed(id).path("state").asText()).isEqualTo("needs-symbols");
        assertThat(run("crash", "show", id).exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        Run missing = run("symbols", "missing");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(missing.out()).contains("main-fw", "1.0.0", "faultline symbols upload");

        String elf = Fixtures.elf("main-fw-1.0.0-rev-a").toString();
        Run symbols = run("symbols", "upload", elf, "--software", "main-fw", "--version", "1.0.0");
        assertThat(symbols.exitCode()).as(symbols.err()).isZero();
        assertThat(symbols.out()).contains("build id ").contains("usable");
        assertThat(run("symbols", "upload", elf).out()).contains("(already there)");

        JsonNode crash = shownOnce(id, state -> state.equals("processed"));
        assertThat(Fixtures.crashedFrames(crash)).isEqualTo(Fixtures.framesOfGdb(CRASH));
        Run text = run("crash", "show", id);
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).contains("Cluster C-", "filter_batch", "firmware/filter.c:71");
        assertThat(run("symbols", "missing")).isEqualTo(new Run(0, "No crash waits for symbols.\n", ""));
        assertThat(run("symbols", "list").out()).contains("main-fw", "1.0.0", "usable");
        assertThat(run("crash", "list").out()).contains(id, "processed", "main-fw");
    }

    @Test
    @Order(2)
    void theSameBytesAgainAreTheSameCrash() {
        assertThat(run("crash", "upload", Fixtures.core(CRASH).toString()).out())
                .contains("  duplicate  ");
    }

    @Test
    @Order(2)
    void aLogBesideACoredumpIsShownWithWhatIsInItsMemory(@TempDir Path directory) throws Exception {
        Path log = Files.writeString(directory.resolve("console.log"), "[448] W the gateway says nothing\n");

        Run upload = run(
                "crash",
                "upload",
                "--json",
                "--log",
                log.toString(),
                Fixtures.core("main-fw-1.0.0-rev-a-brownout").toString());

        String id = JSON.readTree(upload.out()).path("crashId").asText();
        shownOnce(id, state -> state.equals("processed"));
        assertThat(run("crash", "show", id).out())
                .containsPattern("00:00:00\\.448 +upload +W +the gateway says nothing");
    }

    @Test
    @Order(3)
    void whatIsNoCoredumpIsRefusedInTheServicesWords() throws IOException {
        Run run = run("crash", "upload", Path.of("../.editorconfig").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).startsWith("faultline: ").hasLineCount(1);
        Run none = run("crash", "show", "01930000-0000-7000-8000-000000000000");
        assertThat(none.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(none.err()).startsWith("faultline: ").hasLineCount(1);
    }

    @Test
    @Order(4)
    void theDemoFleetIsLoadedOnceAndItsReleasesCompared() throws IOException {
        String fleet = Fixtures.demoFleet().toString();

        Run first = run("demo", fleet);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).contains("Demo fleet: ", " processed; ", " wait for symbols");
        var addresses = Pattern.compile("http://\\S+")
                .matcher(first.out())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(addresses)
                .hasSize(4)
                .allSatisfy(address -> assertThat(status(address)).isEqualTo(200));
        assertThat(registered())
                .containsExactly("1.2.1-rc1 of 1.2.0", "1.2.0 of 1.1.0", "1.1.0 of 1.0.0", "1.0.0 of null");
        assertThat(run("symbols", "list", "--json").out()).contains("\"fileName\":\"main-fw-1.2.0-rev-a.elf\"");
        String crashes = run("crash", "list", "--json", "--limit", "10000").out();

        Run second = run("demo", fleet);
        assertThat(second.out()).contains("already loaded");
        assertThat(run("crash", "list", "--json", "--limit", "10000").out())
                .hasLineCount((int) crashes.lines().count());

        Run compare = run("compare", "--software", "main-fw", "--baseline", "1.1.0", "--candidate", "1.2.0");
        assertThat(compare.exitCode()).as(compare.err()).isZero();
        assertThat(compare.out()).contains("main-fw 1.2.0 against 1.1.0", "New: ", "Fixed: ", "C-");
        Run unknown = run("compare", "--software", "main-fw", "--baseline", "1.1.0", "--candidate", "9.9.9");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(unknown.err()).contains("9.9.9");
    }

    @Test
    @Order(5)
    void theCommandLineAndTheServiceSayTheSameOfADebugFile() throws IOException {
        for (String name : List.of("x86-64-gcc.elf", "no-debug-info.elf", "lto-gcc-dwarf5.elf")) {
            String file = Fixtures.symbols(name).toString();

            JsonNode uploaded =
                    JSON.readTree(run("symbols", "upload", "--json", file).out());
            JsonNode checked =
                    JSON.readTree(Run.of("symbols", "check", "--json", file).out());

            for (String member : List.of("buildId", "architecture", "state", "detail", "quality")) {
                assertThat(checked.path(member)).as(name + ": " + member).isEqualTo(uploaded.path(member));
            }
        }
    }

    @Test
    @Order(6)
    void whatCompletesAFileGoesAlongAndBothSayTheSameOfTheWhole(@TempDir Path build) throws IOException {
        for (String name : List.of("dwz-alternate", "packed-clang-dwarf5", "split-gcc-dwarf5", "separate")) {
            Path folder = Files.createDirectory(build.resolve(name));
            try (var files =
                    Files.newDirectoryStream(Fixtures.symbols(name + ".elf").getParent(), name + "{-*,.*}")) {
                for (Path file : files) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
            String file = folder.resolve(name + ".elf").toString();

            Run upload = run("symbols", "upload", "--json", file);

            assertThat(upload.exitCode()).as(upload.err()).isZero();
            var lines = upload.out().lines().toList();
            assertThat(lines).as(name).hasSizeGreaterThan(1);
            JsonNode uploaded = JSON.readTree(lines.getLast());
            JsonNode checked =
                    JSON.readTree(Run.of("symbols", "check", "--json", file).out());
            for (String member : List.of("buildId", "architecture", "state", "detail", "quality")) {
                assertThat(checked.path(member)).as(name + ": " + member).isEqualTo(uploaded.path(member));
            }
            assertThat(run("symbols", "upload", "--alone", file).out())
                    .hasLineCount(1)
                    .contains("(already there)");
        }
    }

    @Test
    @Order(7)
    void clustersAreMergedPutBackAndGroupedAgain() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : run("clusters", "list", "--json").out().lines().toList()) {
            ids.add(JSON.readTree(line).path("id").asText());
        }
        String into = ids.get(0);
        String other = ids.get(1);

        String edit = JSON.readTree(
                        run("clusters", "merge", "--json", into, other).out())
                .path("id")
                .asText();
        assertThat(run("clusters", "show", other).out())
                .startsWith(other + " is a part of " + into + " by now.\n" + into + ", ")
                .contains("merged " + other + " into " + into);
        assertThat(run("clusters", "undo", edit).out()).endsWith(": undid edit " + edit + "\n");
        assertThat(run("clusters", "show", other).out()).startsWith(other + ", ");
        assertThat(run("clusters", "undo", edit).exitCode()).isEqualTo(ExitCode.REFUSED);

        assertThat(run("clusters", "resolve", other, "--in", "9.9.9").out())
                .isEqualTo(other + " is resolved in 9.9.9\n");
        assertThat(run("clusters", "describe", other, "--assignee", "ann").exitCode())
                .isZero();
        assertThat(run("clusters", "comment", other, "Seen on the bench").exitCode())
                .isZero();
        assertThat(run("clusters", "show", other).out())
                .startsWith(other + ", resolved: ")
                .contains("resolved in 9.9.9", "assigned to ann", "comment: Seen on the bench", "resolved: in 9.9.9");
        assertThat(run("clusters", "mute", other, "--until-devices", "1").exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("clusters", "open", other).out()).isEqualTo(other + " is open\n");

        Run dry = run("regroup", "--wait");
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out()).startsWith("Dry run ").contains(": done, by packs ", "; 0 of ");
        Run apply = run("regroup", "--apply", "--wait", "--json");
        assertThat(apply.exitCode()).as(apply.err()).isZero();
        assertThat(JSON.readTree(apply.out()).path("state").asText()).isEqualTo("done");
        assertThat(run("regroup", "list").out()).contains("dry run  done", "apply    done");
    }

    private static int status(String address) throws IOException {
        return ((HttpURLConnection) URI.create(address).toURL().openConnection()).getResponseCode();
    }

    /** The releases that CI registered, the last one first. */
    private static List<String> registered() throws IOException {
        JsonNode releases = JSON.readTree(URI.create(service.address() + "/api/v1/projects/default/releases")
                .toURL());
        return releases.path("items")
                .valueStream()
                .filter(release -> release.path("registered").asBoolean())
                .map(release -> release.path("version").asText() + " of "
                        + release.path("parent").asText("null"))
                .toList();
    }

    private static Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", service.address()));
        return Run.of(all.toArray(String[]::new));
    }

    private static JsonNode shownOnceProcessed(String id) throws Exception {
        return shownOnce(id, state -> !state.equals("queued"));
    }

    /** A crash that is read again keeps its state until that is done. */
    private static JsonNode shownOnce(String id, Predicate<String> wanted) throws Exception {
        Instant deadline = Instant.now().plus(PROCESSING);
        while (true) {
            JsonNode crash = JSON.readTree(run("crash", "show", "--json", id).out());
            if (wanted.test(crash.path("state").asText())) {
                return crash;
            }
            assertThat(Instant.now()).as("processed in time: %s", crash).isBefore(deadline);
            Thread.sleep(100);
        }
    }
}
