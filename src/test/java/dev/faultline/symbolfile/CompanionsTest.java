package dev.faultline.symbolfile;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.Fixtures;
import dev.faultline.access.Project;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.store.BlobStore;
import dev.faultline.symbols.store.LocalSymbols;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several files that together are the symbols of one build. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class CompanionsTest {
    private static final String DWP = "elf/packed-clang-dwarf5.elf.dwp";
    private static final String PACKED = "elf/packed-clang-dwarf5.elf";
    private static final List<String> DWOS = List.of(
            "elf/split-gcc-dwarf5-names.dwo", "elf/split-gcc-dwarf5-ring.dwo", "elf/split-gcc-dwarf5-start-host.dwo");

    private final String project = "c-" + UUID.randomUUID();
    private final String symbols = "/api/v1/projects/" + project + "/symbols";

    @TempDir
    Path directory;

    @Inject
    Transactions transactions;

    @Inject
    BlobStore blobs;

    @Inject
    SymbolFiles files;

    @Inject
    IndexBuilds builds;

    @Inject
    ObjectMapper json;

    @BeforeEach
    void createProject() {
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("insert into project (name) values (?)")) {
                insert.setString(1, project);
                return insert.executeUpdate();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "images/library.stripped.so, images/library.debug",
        "images/library.debug, images/library.stripped.so",
        "images/library-arm.stripped.so, images/library-arm.debug",
        "images/library-arm.debug, images/library-arm.stripped.so",
        "images/library-eu.debug, images/library-eu.stripped.so"
    })
    void aStrippedImageAndItsDebugFileAreOneInWhateverOrderTheyCome(String first, String second) throws Exception {
        var one = uploaded(first, 201);
        assertThat(one.getString("role")).isEqualTo(first.endsWith(".debug") ? "debug-file" : "image");
        String build = one.getString("buildId");

        var other = uploaded(second, 201);

        assertThat(other.getString("buildId")).isEqualTo(build);
        assertThat(other.getString("state")).isEqualTo("usable");
        var entry = entry(build);
        assertThat(entry.<String>getList("files.role")).containsExactlyInAnyOrder("image", "debug-file");
        assertThat(entry.getString("fileName")).endsWith(".debug");
        assertThat(entry.getList("quality.dwarfVersions")).isNotEmpty();
        assertThat(entry.getInt("quality.unwindRows")).isPositive();
        assertThat(entry.<Boolean>getList("wants.present")).isNotEmpty().containsOnly(true);
        assertSameAsLocal(build, List.of(Fixtures.symbols(first), Fixtures.symbols(second)));
        // and again: no news
        assertThat(uploaded(first, 200).getString("buildId")).isEqualTo(build);
        assertThat(uploaded(second, 200).getString("buildId")).isEqualTo(build);
        assertThat(given().get(symbols).jsonPath().getList("items")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "elf/packed-clang-dwarf5.elf, elf/packed-clang-dwarf5.elf.dwp, dwp, elf/x86-64-clang.elf",
        "elf/packed-gcc-dwarf4.elf, elf/packed-gcc-dwarf4.elf.dwp, dwp, elf/x86-64-gcc-dwarf4.elf",
        "elf/dwz-alternate.elf, elf/dwz-alternate.common, alternate, elf/before-dwz.elf",
        "elf/dwz-dwarf4-alternate.elf, elf/dwz-dwarf4-alternate.common, alternate, elf/before-dwz-dwarf4.elf"
    })
    void whatComesLaterCompletesTheIndexAsIfNothingHadBeenTakenOut(
            String main, String companion, String role, String twin) throws Exception {
        String build = uploaded(main, 201).getString("buildId");
        var incomplete = entry(build);
        assertThat(incomplete.<Boolean>getList("wants.present")).isNotEmpty().containsOnly(false);
        assertThat(incomplete.getString("quality.advice")).contains("Bring");
        assertThat(incomplete.getString("wants[0].command"))
                .startsWith("faultline symbols upload ")
                .endsWith(" --project=" + project);

        var answer = uploaded(companion, 201);

        assertThat(answer.getString("role")).isEqualTo(role);
        assertThat(answer.<String>getList("builds")).containsExactly(build);
        var entry = entry(build);
        assertThat(entry.<Boolean>getList("wants.present")).containsOnly(true);
        assertThat(entry.<String>getList("wants.command")).containsOnlyNulls();
        assertThat(entry.<String>getList("files.role")).containsExactlyInAnyOrder("whole", role);
        assertThat(entry.getString("quality.advice")).doesNotContain("Bring");
        assertAnswersAs(twin, build);
        assertThat(uploaded(companion, 200).<String>getList("builds")).containsExactly(build);
    }

    @Test
    void whatCameFirstIsThereWhenTheFileThatWantsItComes() throws Exception {
        var early = uploaded(DWP, 201);
        assertThat(early.<String>getList("builds")).isEmpty();
        assertThat(early.getString("note")).contains("waits");

        String build = uploaded(PACKED, 201).getString("buildId");

        assertThat(entry(build).<Boolean>getList("wants.present")).containsOnly(true);
        assertAnswersAs("elf/x86-64-clang.elf", build);
    }

    @Test
    void splitUnitsComeInOneArchiveWithTheirImage() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : DWOS) {
                put(zip, name);
            }
            put(zip, "elf/split-gcc-dwarf5.elf");
        }

        var answer = given().contentType("application/octet-stream")
                .body(bytes.toByteArray())
                .post(symbols)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();

        assertThat(answer.<String>getList("files.role")).containsExactly("dwo", "dwo", "dwo", "whole");
        assertThat(answer.getList("skipped")).isEmpty();
        assertAnswersAs("elf/x86-64-gcc.elf", answer.getString("files[3].buildId"));
    }

    @Test
    void eachMissingSplitUnitIsNamedAndGoesWithItsFile() throws Exception {
        String build = uploaded("elf/split-gcc-dwarf5.elf", 201).getString("buildId");
        assertThat(entry(build).<Boolean>getList("wants.present")).containsExactly(false, false, false);
        assertThat(entry(build).<String>getList("wants.role")).containsOnly("dwo");

        for (String dwo : DWOS) {
            uploaded(dwo, 201);
        }

        assertThat(entry(build).<Boolean>getList("wants.present")).containsExactly(true, true, true);
        assertAnswersAs("elf/x86-64-gcc.elf", build);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2000, 5000})
    void aCompanionThatIsCutOffIsRefusedAndSpoilsNothing(int size) throws Exception {
        String build = uploaded(PACKED, 201).getString("buildId");
        String before = given().get(symbols + "/" + build).asString();
        byte[] broken = Arrays.copyOf(Files.readAllBytes(Fixtures.symbols(DWP)), size);

        var refusal = upload(broken, "broken.dwp", 422);

        assertThat(refusal.getString("type")).contains("broken-debug-file");
        assertThat(refusal.getString("detail")).startsWith("broken.dwp: ").contains("0x");
        assertThat(given().get(symbols + "/" + build).asString()).isEqualTo(before);
        uploaded(DWP, 201);
        assertAnswersAs("elf/x86-64-clang.elf", build);
    }

    @Test
    void aDamagedCompanionInUseNeverMakesWorseWhatIsThere() throws Exception {
        String build = uploaded(PACKED, 201).getString("buildId");
        uploaded(DWP, 201);
        byte[] good = Files.readAllBytes(Fixtures.symbols(DWP));
        for (int place = 64; place < good.length; place += 97) {
            byte[] damaged = good.clone();
            Arrays.fill(damaged, place, Math.min(good.length, place + 16), (byte) 0xff);

            int status = given().contentType("application/octet-stream")
                    .body(damaged)
                    .post(symbols)
                    .statusCode();

            assertThat(status).as("damaged at " + place).isIn(201, 422);
            assertThat(entry(build).getString("state")).isEqualTo("usable");
        }
        assertAnswersAs("elf/x86-64-clang.elf", build);
    }

    @Test
    void whatWasStoredBeforeAKillIsBuiltInTheNextRound() throws Exception {
        String build = uploaded(PACKED, 201).getString("buildId");
        // as the upload stores it, and comes no further
        var stored = Instant.now();
        BlobStore.Blob blob;
        try (var bytes = Files.newInputStream(Fixtures.symbols(DWP))) {
            blob = blobs.put(bytes, Long.MAX_VALUE);
        }
        var facts = SymbolFacts.read(blobs.path(blob.sha256()).orElseThrow());
        transactions.durable(connection -> files.add(
                connection,
                new SymbolFiles.NewFile(projectId(), blob.sha256(), blob.size(), "packed.dwp", null, null, facts),
                blob.added(),
                stored));
        assertThat(entry(build).<String>getList("files.role")).containsExactly("whole");

        assertThat(builds.buildDue(stored.plus(Duration.ofMinutes(1)))).isPositive();

        assertThat(entry(build).<String>getList("files.role")).containsExactlyInAnyOrder("whole", "dwp");
        assertAnswersAs("elf/x86-64-clang.elf", build);
    }

    @Test
    void crashesAreProcessedAgainAlsoWhereTheBuildIsNotTheMainImage() throws Exception {
        String crash = given().contentType("application/octet-stream")
                .body(Fixtures.coredump("main-fw-1.0.0-rev-a-brownout"))
                .post("/api/v1/projects/" + project + "/crashes")
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
        await(crash, "needs-symbols");
        String build = uploaded("images/library-arm.stripped.so", 201).getString("buildId");
        // as a process has the library mapped besides its program
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement(
                    "insert into crash_module (crash_id, project_id, build_id) values (?, ?, ?)")) {
                insert.setObject(1, UUID.fromString(crash));
                insert.setLong(2, projectId());
                insert.setString(3, build);
                return insert.executeUpdate();
            }
        });

        assertThat(uploaded("images/library-arm.debug", 201).getInt("released")).isEqualTo(1);
    }

    @Test
    void withoutBuildIdsTheChecksumOfTheDebugLinkJoins() throws Exception {
        byte[] image = withoutBuildId("images/library.stripped.so");
        var alone = upload(image, "library.so", 201);
        String build = alone.getString("buildId");
        assertThat(build).hasSize(64);
        assertThat(alone.getString("state")).isEqualTo("no-debug-info");
        assertThat(entry(build).getString("wants[0].id")).startsWith("crc32:");

        // another file of the same program: nothing says that it belongs to that image
        var other = upload(withoutBuildId("images/library.debug"), "other.debug", 201);
        assertThat(other.getString("buildId")).isNotEqualTo(build);
        assertThat(other.getString("note")).contains("no build id", "CRC-32");
        assertThat(entry(build).<String>getList("files.role")).containsExactly("image");

        uploaded("images/library.debug", 201);

        assertThat(entry(build).<String>getList("files.role")).containsExactlyInAnyOrder("image", "debug-file");
        assertThat(entry(build).getString("state")).isEqualTo("usable");
    }

    @Test
    void anImageThatNothingCanBeJoinedWithSaysSo() throws Exception {
        var answer = uploaded("images/build-id-none.elf", 201);

        assertThat(answer.getString("role")).isEqualTo("image");
        assertThat(answer.getString("note")).contains("neither a build id nor a .gnu_debuglink", "--build-id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "elf/flash-dwarf5-o2.elf",
                "elf/no-debug-info.elf",
                "elf/lto-clang.elf",
                "elf/rust-v0.elf",
                "elf/mixed-versions.elf",
                "elf/separate.debug",
                "images/build-id-none.elf"
            })
    void theQualityIsThatOfTheCommandLine(String name) throws Exception {
        Path alone = Files.copy(Fixtures.symbols(name), directory.resolve("alone.elf"));
        String build = uploaded(name, 201).getString("buildId");

        assertSameAsLocal(build, List.of(alone));
    }

    @Test
    void namesOutOfFilesAreNoCommands() {
        var project = new Project(1, "default");

        assertThat(UploadCommand.of(project, "a b; rm -rf ~.dwo", null, null))
                .isEqualTo("faultline symbols upload 'a b; rm -rf ~.dwo'");
        assertThat(UploadCommand.of(project, "--help", null, null)).isEqualTo("faultline symbols upload ./--help");
        assertThat(UploadCommand.of(project, "it's", null, null)).isEqualTo("faultline symbols upload 'it'\\''s'");
    }

    private void assertSameAsLocal(String build, List<Path> paths) throws IOException {
        JsonNode quality =
                json.readTree(given().get(symbols + "/" + build).asString()).path("quality");
        try (var local = LocalSymbols.of(paths, Limits.DEFAULT)) {
            // as the command line writes it
            String written = new JsonMapper()
                    .writeValueAsString(Quality.of(local.builds().getFirst().summary()));
            assertThat(quality).isEqualTo(json.readTree(written));
        }
    }

    /** Asks both for every address of code. */
    private void assertAnswersAs(String twin, String build) throws IOException {
        String twinBuild = uploaded(twin, 201, 200).getString("buildId");
        var addresses = codeOf(Fixtures.symbols(twin));
        var wanted = lookup(twinBuild, addresses);
        var found = lookup(build, addresses);
        assertThat(wanted.<List<String>>getList("results.frames.function"))
                .anySatisfy(functions -> assertThat(functions).hasSizeGreaterThan(1));
        for (String what : List.of("function", "line", "inlined")) {
            assertThat(found.<List<Object>>getList("results.frames." + what))
                    .as(what)
                    .isEqualTo(wanted.<List<Object>>getList("results.frames." + what));
        }
    }

    private static List<String> codeOf(Path file) {
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            return elf.sections().stream()
                    .filter(section -> section.name().equals(".text"))
                    .flatMap(section -> LongStream.range(section.address(), section.address() + section.size())
                            .boxed())
                    .map("0x%x"::formatted)
                    .toList();
        }
    }

    private JsonPath lookup(String build, List<String> addresses) {
        return given().contentType("application/json")
                .body(Map.of("addresses", addresses))
                .post(symbols + "/" + build + "/lookup")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private JsonPath entry(String build) {
        return given().get(symbols + "/" + build)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private JsonPath uploaded(String name, Integer... statuses) throws IOException {
        Path file = Fixtures.symbols(name);
        return upload(Files.readAllBytes(file), String.valueOf(file.getFileName()), statuses);
    }

    private JsonPath upload(byte[] bytes, String fileName, Integer... statuses) {
        var answer = given().contentType("application/octet-stream")
                .queryParam("fileName", fileName)
                .body(bytes)
                .post(symbols);
        assertThat(answer.statusCode()).as(answer.asString()).isIn((Object[]) statuses);
        return answer.jsonPath();
    }

    private static void put(ZipOutputStream zip, String name) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(Files.readAllBytes(Fixtures.symbols(name)));
    }

    /** An owner of the note that is not GNU. */
    private static byte[] withoutBuildId(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(Fixtures.symbols(name));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // size of the name, of the build id, type 3
        int note = text.indexOf("\4\0\0\0\24\0\0\0\3\0\0\0GNU\0");
        assertThat(note).isPositive();
        bytes[note + 12] = 'X';
        return bytes;
    }

    private long projectId() {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement("select id from project where name = ?")) {
                select.setString(1, project);
                try (var row = select.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    private void await(String crash, String state) throws InterruptedException {
        var end = Instant.now().plus(Duration.ofSeconds(60));
        String path = "/api/v1/projects/" + project + "/crashes/" + crash;
        while (!state.equals(given().get(path).path("state"))) {
            assertThat(Instant.now()).as(crash + " is " + state).isBefore(end);
            Thread.sleep(50);
        }
    }
}
