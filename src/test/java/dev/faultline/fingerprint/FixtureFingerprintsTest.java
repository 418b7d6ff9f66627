package dev.faultline.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the committed coredumps are grouped into: the truth is in their names. */
class FixtureFingerprintsTest {
    private static final Path ROOT = Path.of("..", "firmware-fixtures");

    /** Builds that ship: another optimisation level may rightly give another stack, as of a tail call. */
    private static final Pattern SHIPPED =
            Pattern.compile("main-fw-[0-9.]+(?:-rc1)?-rev-[ab](?:-dwarf4)?-([a-z-]+)\\.core(?:\\.gz)?");

    private static final Map<String, List<Fingerprint>> BY_SITUATION = new TreeMap<>();
    private static final List<Fingerprint> WITHOUT_SYMBOLS = new ArrayList<>();
    private static final List<String> BUILDS = new ArrayList<>();

    @BeforeAll
    static void everyShippedDump() throws IOException {
        var fingerprinter = new Fingerprinter();
        try (var symbols = LocalSymbols.of(files("elf", ".elf"), Limits.DEFAULT);
                var nothing = LocalSymbols.of(List.of(), Limits.DEFAULT)) {
            for (Path dump : files("coredumps", "")) {
                var name = SHIPPED.matcher(dump.getFileName().toString());
                if (!name.matches()) {
                    continue;
                }
                var bytes = MemorySegment.ofArray(Files.readAllBytes(dump));
                var report = CrashAnalysis.analyze(bytes, symbols, ClaimedIdentity.NONE)
                        .getFirst();
                BY_SITUATION
                        .computeIfAbsent(name.group(1), none -> new ArrayList<>())
                        .add(fingerprinter.of(report));
                WITHOUT_SYMBOLS.add(fingerprinter.of(CrashAnalysis.analyze(bytes, nothing, ClaimedIdentity.NONE)
                        .getFirst()));
                BUILDS.add(String.valueOf(report.identity().buildId()));
            }
        }
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (var files = Files.list(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void oneBugIsOneClusterInEveryReleaseAndOnEveryHardware() {
        assertThat(BY_SITUATION).hasSizeGreaterThan(10);
        BY_SITUATION.forEach((situation, fingerprints) -> assertThat(fingerprints)
                .as(situation)
                .extracting(Fingerprint::k3)
                .containsOnly(fingerprints.getFirst().k3()));
    }

    @Test
    void twoBugsAreNeverOneCluster() {
        Map<String, String> owners = new HashMap<>();
        BY_SITUATION.forEach((situation, fingerprints) -> fingerprints.forEach(
                fingerprint -> assertThat(owners.computeIfAbsent(fingerprint.k3(), none -> situation))
                        .isEqualTo(situation)));
    }

    @Test
    void withSymbolsNothingIsProvisional() {
        assertThat(BY_SITUATION.values().stream().flatMap(List::stream))
                .isNotEmpty()
                .noneMatch(Fingerprint::provisional)
                .allMatch(fingerprint -> fingerprint.place() != null);
    }

    @Test
    void withoutSymbolsNoKeyIsSharedByTwoBuilds() {
        Map<String, Set<String>> builds = new HashMap<>();
        for (int i = 0; i < WITHOUT_SYMBOLS.size(); i++) {
            Fingerprint fingerprint = WITHOUT_SYMBOLS.get(i);
            assertThat(fingerprint.needsSymbols()).isTrue();
            for (String key : List.of(fingerprint.k1(), fingerprint.k3(), fingerprint.k8())) {
                builds.computeIfAbsent(key, none -> new HashSet<>()).add(BUILDS.get(i));
            }
        }
        assertThat(builds).isNotEmpty().allSatisfy((key, of) -> assertThat(of).hasSize(1));
    }
}
