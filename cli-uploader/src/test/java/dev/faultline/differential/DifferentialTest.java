package dev.faultline.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.faultline.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every byte of code of every fixture. Where two peers agree and no {@link Pitfall} is in the way we agree; where a pitfall
 * decides we say what it decides.
 */
class DifferentialTest {
    private static final Path REPORT = Path.of("../docs/symbolication-differences.md");

    @TempDir
    Path directory;

    static Stream<String> files() {
        return FixtureFiles.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void weSayWhatThePeersAgreedOnWhenTheyWereAsked(String file) {
        assertRight(compare(file, Recorded.read(FixtureFiles.recorded(file))));
    }

    @ParameterizedTest
    @MethodSource("files")
    void weSayWhatThePeersOfThisMachineAgreeOn(String file) {
        var answers = new TreeMap<Long, Map<Peer, Answer>>(Long::compareUnsigned);
        for (Peer peer : Peer.values()) {
            assumeTrue(peer.command().isPresent(), peer.title() + " is not installed");
            long[] addresses = Recorded.read(FixtureFiles.recorded(file)).keySet().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            Compare.ask(peer, path(file), addresses, answers);
        }
        assertRight(compare(file, answers));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theCommandLineSaysWhatTheLibrarySays(String file) {
        var addresses = Recorded.read(FixtureFiles.recorded(file)).keySet();
        String input = addresses.stream().map(Long::toHexString).collect(Collectors.joining("\n"));

        Run run = Run.withInput(
                input, "symbolicate", "--json", "--elf", path(file).toString(), "-");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().map(Compare::ofJson))
                .containsExactlyElementsOf(ours(file, addresses).values());
    }

    @Test
    void theReportInTheDocumentationIsOfToday() throws IOException {
        var comparisons = new ArrayList<Comparison>();
        for (String file : FixtureFiles.all().keySet()) {
            comparisons.add(compare(file, Recorded.read(FixtureFiles.recorded(file))));
        }
        String report = introduction() + Report.of(comparisons);
        if (Boolean.getBoolean("update.report")) {
            Files.writeString(REPORT, report);
        }

        assertThat(Files.readString(REPORT)).isEqualTo(report);
    }

    private static void assertRight(Comparison comparison) {
        assertThat(comparison.addresses()).isGreaterThan(20);
        assertThat(comparison.mistakes().stream()
                        .map(DifferentialTest::text)
                        .limit(20)
                        .toList())
                .as("%d addresses of %s", comparison.mistakes().size(), comparison.file())
                .isEmpty();
    }

    private static String text(Comparison.Case wrong) {
        return "0x%x: we say %s, the truth is %s, %s"
                .formatted(wrong.address(), wrong.ours(), wrong.truth().answer(), wrong.peers());
    }

    private Comparison compare(String file, Map<Long, Map<Peer, Answer>> answers) {
        var judge = new Judge(Image.read(path(file)), twin(file));
        return Comparison.of(file, judge, answers, ours(file, answers.keySet()));
    }

    private static @Nullable Twin twin(String file) {
        String twin = FixtureFiles.twin(file);
        return twin == null ? null : new Twin(Image.read(path(twin)), Recorded.read(FixtureFiles.recorded(twin)));
    }

    private Map<Long, Answer> ours(String file, Iterable<Long> addresses) {
        return Comparison.ours(path(file), directory.resolve(file + ".idx"), addresses);
    }

    private static Path path(String file) {
        return Objects.requireNonNull(FixtureFiles.all().get(file), file);
    }

    private static String introduction() throws IOException {
        List<String> versions = Files.readAllLines(FixtureFiles.PEERS.resolve("versions.tsv"));
        return """
                # Where symbolication differs from other tools

                Written by `DifferentialTest`, which fails when it is not of today (`-Dupdate.report=true` writes it). Every byte of code of every ELF
                fixture, and addresses outside of it, answered by us and by %s.
                Names count as equal without the suffix of a clone, and by every symbol of one address; paths, where one ends with the other.
                Any other file: `firmware-fixtures/symbols/compare.sh FILE…`.

                """.formatted(
                        versions.stream().map(line -> line.replace('\t', ' ')).collect(Collectors.joining(", ")));
    }
}
