package dev.faultline.symbols.demangle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any string gives a name or nothing: no exception, no overflow of the stack, no long wait, no long answer. */
class DemanglerPropertyTest {
    private static final Path NAMES = Path.of("..", "firmware-fixtures", "symbols", "names");
    private static final List<String> REAL = names();

    /** A name costs microseconds: whoever waits for this waits for ever. */
    private static final long MOST_NANOS = 30_000_000_000L;

    @Property
    void anyStringEndsSoon(@ForAll String name) {
        endsSoon(name);
    }

    @Property(tries = 3_000)
    void anyCharactersOfTheGrammarEndSoon(@ForAll("grammar") String name) {
        endsSoon(name);
    }

    @Property(tries = 10_000)
    void anyMutationOfARealNameEndsSoon(@ForAll("mutations") String name) {
        endsSoon(name);
    }

    private static void endsSoon(String name) {
        long start = System.nanoTime();
        var shown = Demangler.demangle(name);
        var whole = Demangler.demangleWithSuffix(name);
        assertThat(System.nanoTime() - start).isLessThan(MOST_NANOS);
        assertThat(whole.isEmpty() || shown.isPresent()).isTrue();
        int limit = Limits.DEFAULT.demangledCharacters();
        shown.ifPresent(text -> assertThat(text).isNotEmpty().hasSizeLessThanOrEqualTo(limit));
        whole.ifPresent(text -> assertThat(text).hasSizeLessThanOrEqualTo(limit + name.length()));
    }

    @Provide
    Arbitrary<String> grammar() {
        Arbitrary<String> prefix = Arbitraries.of("_Z", "_ZN", "_R", "_RNv", "_RI", "_ZTI", "_ZZ", "_Z1fI", "_Z1f");
        Arbitrary<String> rest = Arbitraries.of(
                        "_", "0", "1a", "2bc", "A", "B", "C", "D", "Dp", "DT", "E", "E", "E", "F", "G", "I", "J", "K",
                        "L", "M", "N", "O", "P", "R", "S_", "S0_", "S1_", "St", "Ss", "T_", "T0_", "U", "Ul", "V", "X",
                        "Y", "Z", "cl", "cv", "dt", "fp_", "i", "pl", "sr", "sZ", "tl", "v", "s_", "B0_", "B1_", "p",
                        "h", "u", "W", "Q")
                .list()
                .ofMaxSize(120)
                .map(parts -> String.join("", parts));
        return Combinators.combine(prefix, rest).as((first, second) -> first + second);
    }

    @Provide
    Arbitrary<String> mutations() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 1 << 16);
        return Combinators.combine(
                        Arbitraries.of(REAL),
                        Arbitraries.of(REAL),
                        place,
                        place,
                        place,
                        Arbitraries.integers().between(0, 4))
                .as(DemanglerPropertyTest::mutate);
    }

    private static String mutate(String name, String other, int first, int second, int third, int kind) {
        int from = 2 + first % (name.length() - 2);
        int to = 2 + second % (name.length() - 2);
        int low = Math.min(from, to);
        int high = Math.max(from, to);
        int otherPlace = 2 + third % (other.length() - 2);
        return switch (kind) {
            case 0 -> name.substring(0, high);
            case 1 -> name.substring(0, low) + name.substring(high);
            case 2 -> name.substring(0, high) + name.substring(low);
            case 3 -> name.substring(0, low) + other.charAt(otherPlace) + name.substring(low + 1);
            default -> name.substring(0, low) + other.substring(otherPlace);
        };
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            for (String file :
                    List.of("itanium.tsv", "itanium-cxxfilt.tsv", "itanium-llvm.tsv", "rust.tsv", "rust-legacy.tsv")) {
                for (String line : Files.readAllLines(NAMES.resolve(file))) {
                    names.add(line.substring(0, line.indexOf('\t')));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
