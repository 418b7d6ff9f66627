package dev.faultline.symbols.demangle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemanglerTest {
    /** Where its names come from and who says what they mean: the README there. */
    private static final Path NAMES = Path.of("..", "firmware-fixtures", "symbols", "names");

    @ParameterizedTest
    @ValueSource(strings = {"itanium.tsv", "itanium-cxxfilt.tsv", "itanium-llvm.tsv"})
    void namesOfCppReadAsTheToolsReadThem(String file) throws IOException {
        assertThat(differences(file, Demangler::demangleWithSuffix)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rust.tsv", "rust-legacy.tsv"})
    void namesOfRustReadAsTheToolsReadThem(String file) throws IOException {
        assertThat(differences(file, Demangler::demangle)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_Z3fooi.isra.0                 | foo(int) | foo(int) [clone .isra.0]",
                "_Z3fooi.part.0.cold            | foo(int) | foo(int) [clone .part.0] [clone .cold]",
                "_Z3fooi.llvm.123               | foo(int) | foo(int) [clone .llvm.123]",
                "_Z3fooi@@GLIBCXX_3.4           | foo(int) | foo(int)@@GLIBCXX_3.4",
                "_ZL3foo.0                      | foo      | foo [clone .0]",
                "_RNvC3foo3bar.llvm.123         | foo::bar | foo[0]::bar",
                "_ZN3foo3bar17h0123456789abcdefE| foo::bar | foo::bar::h0123456789abcdef",
            })
    void whatStandsBehindANameIsShownOnlyOnDemand(String name, String shown, String whole) {
        assertThat(Demangler.demangle(name)).contains(shown);
        assertThat(Demangler.demangleWithSuffix(name)).contains(whole);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // neither tool knows the names of a file's initializer
                "_GLOBAL__sub_I__Z3foov       | global constructors keyed to foo()",
                "_GLOBAL__sub_I_main.cpp      | global constructors keyed to main.cpp",
                "___Z3foov_block_invoke_2     | invocation function for block in foo()",
                // c++filt takes the enclosing function's name for the lambda's
                "_ZZ1fvENUlvE_D1Ev            | f()::{lambda()#1}::~{lambda()#1}()",
                // c++filt puts const behind noexcept
                "_Z1fM1AKDoFvvE               | f(void (A::*)() const noexcept)",
                "_Z1fDB8_DU128_               | f(_BitInt(8), unsigned _BitInt(128))",
                "_Z1fDF16b                    | f(std::bfloat16_t)",
                // a template parameter that an encoding of another template had first: it is this template's
                "_ZN1AC2IZ1gIiEvT_E1BEERS2_   | A::A<g<int>(int)::B>(g<int>(int)::B&)",
                "_ZN3ConIiE4onlyEvQ5SmallIT_E | Con<int>::only() requires Small<int>",
                "_ZN4HeirCI17InheritIcEEPT_   | Heir::Inherit(char*)",
                // GCC 12: std::filesystem's constructor inherited, variant 5
                "_ZN1ACI51BEi                 | A::B(int)",
            })
    void whereTheToolsAreWrongOrSilentTheNameReadsByTheAbi(String name, String shown) {
        assertThat(Demangler.demangle(name)).contains(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_RINvC1n1aKAh1_h2_h3_EE               | n::a::<{[1, 2, 3]}>",
                "_RINvC1n1eKVNtNtC1n1E1AUE             | n::e::<{n::E::A}>",
                "_RINvC1n1eKVNtNtC1n1E1BThc8_EE        | n::e::<{n::E::B(200)}>",
                "_RINvC1n1pKVNtC1n1PS1xln3_1yTb1_c61_EEE | n::p::<{n::P { x: -3, y: (true, 'a') }}>",
                "_RINvC1n1rKRAs1_sn2_EE                | n::r::<{&[1, -2]}>",
                "_RINvC1n1sKRe68656c6c6f20227722200ae28882c3a9_E | n::s::<\"hello \\\"w\\\" \\n∂é\">",
            })
    void constantsOfRustThatTheToolsDoNotKnowYet(String name, String shown) {
        assertThat(Demangler.demangle(name)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_",
                "_Z",
                "_Z_",
                "_ZN",
                "_R",
                "main",
                "_Zebra",
                "_ZTable",
                "_Z3fo",
                "_ZN3fooE_",
                "_Z1fi$x",
                "_Z1fS_",
                "_Z1fT_",
                "_RNvC3foo",
                "_RNvC3foo3barBz_",
                "_GLOBAL_OFFSET_TABLE_",
                "_ZN3foo3bar17h0123456789abcdef",
                "?foo@@YAXXZ"
            })
    void whatIsNoMangledNameStaysAsItIs(String name) {
        assertThat(Demangler.demangle(name)).isEmpty();
    }

    @Test
    void aNameNestedDeeperThanTheLimitStaysAsItIs() {
        assertThat(Demangler.demangle("_Z1f" + "P".repeat(200) + "i")).isPresent();
        assertThat(Demangler.demangle("_Z1f" + "P".repeat(100_000) + "i")).isEmpty();
        assertThat(Demangler.demangle("_RINvC1a1b" + "R".repeat(100_000) + "hE"))
                .isEmpty();
    }

    /** Each parameter is a pair of the one before: 2^200 elements, if one let it. */
    @Test
    void referencesThatDoubleTheOutputEndAtTheLimit() {
        StringBuilder name = new StringBuilder("_Z1f1AIiiE");
        for (int i = 0; i < 200; i++) {
            String last = i == 0 ? "S0_" : "S" + Integer.toString(i + 0, 36).toUpperCase(java.util.Locale.ROOT) + "_";
            name.append("S_I").append(last).append(last).append('E');
        }
        assertThat(Demangler.demangle(name.toString())).isEmpty();

        String rust = "_RINvC1a1bTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTThhEB%EB%EE";
        assertThat(Demangler.demangle(rust)).isEmpty();
    }

    /** Nothing prints, so the length of the output bounds nothing. */
    @Test
    void emptyPacksInsideOfEmptyPacksEndAtTheLimitOfSteps() {
        StringBuilder name = new StringBuilder("_Z1fIJEEv1AIJDpT_DpT_EE");
        for (int i = 0; i < 60; i++) {
            String last = "S" + Integer.toString(i + 2, 36).toUpperCase(java.util.Locale.ROOT) + "_";
            name.append("1BIJ").append(last).append(last).append("EE");
        }
        assertThat(Demangler.demangle(name.toString()))
                .satisfiesAnyOf(
                        demangled -> assertThat(demangled).isEmpty(),
                        demangled -> assertThat(demangled.orElseThrow()).hasSizeLessThan(1 << 14));
    }

    private static List<String> differences(String file, Function<String, Optional<String>> demangler)
            throws IOException {
        List<String> differences = new ArrayList<>();
        for (String line : Files.readAllLines(NAMES.resolve(file))) {
            int tab = line.indexOf('\t');
            String name = line.substring(0, tab);
            String expected = line.substring(tab + 1);
            String demangled = demangler.apply(name).orElse(name);
            if (!demangled.equals(expected)) {
                differences.add("%s%n  is       %s%n  expected %s".formatted(name, demangled, expected));
            }
        }
        return differences;
    }
}
