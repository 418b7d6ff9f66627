package dev.faultline.symbols.variables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One test per kind of type and of location, of programs that hold what their source says. */
class TypesOfProgramsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"types-gcc-o0", "types-gcc-dwarf2", "types-gcc-dwarf4-o2", "types-gcc-types", "types-clang-o2"})
    void numbersCharactersAndTruthValues(String program) {
        try (var core = ProgramCore.open(program)) {
            assertThat(core.global("signed_byte")).isEqualTo("-5 '\\373'");
            assertThat(core.global("unsigned_byte")).isEqualTo("200 '\\310'");
            assertThat(core.global("letter")).isEqualTo("120 'x'");
            assertThat(core.global("newline")).isEqualTo("10 '\\n'");
            assertThat(core.global("quote")).isEqualTo("39 '\\''");
            assertThat(core.global("negative")).isEqualTo("-12345");
            assertThat(core.global("positive")).isEqualTo("54321");
            assertThat(core.global("whole")).isEqualTo("-2000000000");
            assertThat(core.global("natural")).isEqualTo("4000000000");
            assertThat(core.global("large")).isEqualTo("-9000000000000000000");
            assertThat(core.global("larger")).isEqualTo("18000000000000000000");
            assertThat(core.global("largest")).isEqualTo("1267650600228229401496703205383");
            assertThat(core.global("single")).isEqualTo("3.25");
            assertThat(core.global("tenth")).isEqualTo("0.1");
            assertThat(core.global("real")).isEqualTo("-2.5E-7");
            assertThat(core.global("infinite")).isEqualTo("inf");
            assertThat(core.global("complex_number")).isEqualTo("1.5 + 2.5i");
            assertThat(core.global("yes")).isEqualTo("true");
            assertThat(core.global("no")).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"types-gcc-o0", "types-gcc-dwarf2", "types-gcc-dwarf4-o2", "types-gcc-types", "types-clang-o2"})
    void structuresUnionsAndBitFields(String program) {
        try (var core = ProgramCore.open(program)) {
            assertThat(core.global("somewhere")).isEqualTo("{x = 3, y = -4}");
            assertThat(core.global("flags"))
                    .isEqualTo("{first = 5, second = -7, wide = 4886718345, on = true, colour = BLUE, plain = 112 'p',"
                            + " last = 99}");
            assertThat(core.global("number"))
                    .startsWith("{word = 1078530011, real = 3.1415927, bytes = {219 '\\333', ");
            assertThat(core.global("packed")).isEqualTo("{tag = 116 't', unaligned = 16909060}");
            assertThat(core.global("nested"))
                    .as("what has no name is shown without one")
                    .startsWith(
                            "{{inner = 7}, either = {whole = 131073, halves = {low = 1, high = 2}}, places = {{x = 1, y"
                                    + " = 2}, {x = 3, y = 4}}, operation = 0x")
                    .endsWith("<crash>}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-gcc-o0", "types-gcc-types", "types-clang-o0"})
    void enumerators(String program) {
        try (var core = ProgramCore.open(program)) {
            assertThat(core.global("colour")).isEqualTo("GREEN");
            assertThat(core.global("mixed")).isEqualTo("(RED | BLUE)");
            assertThat(core.global("level")).isEqualTo("LOW");
            assertThat(core.global("unnamed_level")).isEqualTo("17");
        }
    }

    @Test
    void arraysAreShownWithWhatRepeatsOnce() {
        try (var core = ProgramCore.open("types-gcc-o0")) {
            assertThat(core.global("grid")).isEqualTo("{{1, 2, 3}, {4, 5, 6}}");
            assertThat(core.global("same")).isEqualTo("{7 <repeats 40 times>}");
            assertThat(core.global("mostly_same")).isEqualTo("{1, 2, 0, 0, 0, 9 <repeats 20 times>, 0, 0, 0, 0, 3}");
            assertThat(core.global("empty")).isEqualTo("{}");
            assertThat(core.global("vector")).isEqualTo("{1.0, 2.0, 3.0, 4.0}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-gcc-o0", "types-gcc-dwarf2", "types-clang-o0"})
    void anArrayWhoseBoundsAreComputed(String program) {
        try (var core = ProgramCore.open(program)) {
            assertThat(ValueText.of(core.in("with_variable_array", "matrix").value()))
                    .isEqualTo("{{0, 1, 2}, {10, 11, 12}}");
        }
    }

    @Test
    void texts() {
        try (var core = ProgramCore.open("types-gcc-o0")) {
            assertThat(core.global("text")).isEqualTo("\"text\\twith \\\"marks\\\"\"");
            assertThat(core.global("pointer_to_text")).matches("0x[0-9a-f]+ \"pointed to\"");
            assertThat(core.global("first_node"))
                    .as("inside of a structure as well")
                    .contains("\"first\"");
            assertThat(core.global("nowhere"))
                    .as("what it points to is not there")
                    .isEqualTo("0x10");
        }
    }

    @Test
    void typesAreNamedAsTheSourceHasThem() {
        try (var core = ProgramCore.open("types-gcc-o0")) {
            assertThat(core.variable("qualified").type()).isEqualTo("const volatile int * const volatile");
            assertThat(core.variable("function").type()).isEqualTo("int (*)(int, const char *)");
            assertThat(core.variable("grid").type()).isEqualTo("int [2][3]");
            assertThat(core.variable("twice").type()).isEqualTo("int **");
            assertThat(core.variable("hidden").type()).isEqualTo("struct hidden *");
            assertThat(core.variable("somewhere").type()).isEqualTo("place");
        }
    }

    @Test
    void pointersNameAndShowWhatTheyPointTo() {
        try (var core = ProgramCore.open("types-gcc-o0")) {
            var pointer = (Value.Pointer) core.variable("of_constant").value();
            assertThat(pointer.text()).matches("0x[0-9a-f]+ <constant>");
            assertThat(pointer.target()).contains(new Value.Scalar("42"));
            assertThat(core.global("untyped")).matches("0x[0-9a-f]+ <grid>");
            assertThat(core.global("function")).matches("0x[0-9a-f]+ <crash>");
            assertThat(((Value.Pointer) core.variable("hidden").value()).target())
                    .as("a type that is only declared")
                    .isEmpty();
        }
    }

    @Test
    void aStructureInRegistersIsPutTogetherOutOfPieces() {
        try (var core = ProgramCore.open("types-gcc-o2")) {
            assertThat(ValueText.of(core.in("by_value", "value").value())).isEqualTo("<optimised out>");
            assertThat(ValueText.of(core.in("crash", "kept").value())).isEqualTo("22");
        }
        try (var core = ProgramCore.open("types-clang-o2")) {
            assertThat(ValueText.of(core.in("crash", "local").value()))
                    .as("DW_OP_piece of the first member alone")
                    .isEqualTo("{x = 24, y = <optimised out>}");
        }
    }

    @ParameterizedTest
    @CsvSource({"last_argument_unused, unused, 20", "entry, x, 10", "entry, y, 20", "inlined, x, 11"})
    void anArgumentThatTheCallerKnowsIsShown(String function, String argument, String value) {
        for (var program : new String[] {"types-gcc-o2", "types-gcc-dwarf4-o2"}) {
            try (var core = ProgramCore.open(program)) {
                assertThat(ValueText.of(core.in(function, argument).value()))
                        .as("DW_OP_entry_value and DW_OP_GNU_entry_value: %s", program)
                        .isEqualTo(value);
            }
        }
    }

    @Test
    void aPointerToWhatIsInRegistersShowsItAllTheSame() {
        try (var core = ProgramCore.open("types-gcc-o2")) {
            var pointer = (Value.Pointer) core.in("through_pointer", "pointer").value();
            assertThat(pointer.text()).as("DW_OP_implicit_pointer").isEqualTo("<synthetic pointer>");
            assertThat(pointer.target()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classes-gcc-o0", "classes-clang-o1"})
    void classesWithTheirBases(String program) {
        try (var core = ProgramCore.open(program)) {
            assertThat(core.global("both"))
                    .isEqualTo(
                            "{<Left> = {<Base> = {id = 7}, left = -3}, <Right> = {right = \"rig\"}, kind = Circle, done ="
                                    + " true}");
            assertThat(core.global("reference")).matches("@0x[0-9a-f]+ <both>");
            assertThat(core.global("array")).isEqualTo("{items = {1, 2, 3}}");
            assertThat(core.global("member")).isEqualTo("&Base::id");
            assertThat(core.global("second_member")).isEqualTo("&Left::left");
            assertThat(core.global("wide")).isEqualTo("119 u'w'");
            assertThat(core.global("nothing")).isEqualTo("0");
            assertThat(core.global("shapes::Base::count")).as("a static member").isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"enums-rust-o0", "enums-rust-o1"})
    void variantsOfRust(String program) {
        try (var core = ProgramCore.open(program)) {
            var owner = (Value.Pointer) core.in("enums::crash", "owner").value();
            assertThat(ValueText.of(owner.target().orElseThrow()))
                    .contains("name = {data_ptr = 0x")
                    .contains("length = 5}")
                    .contains("{Circle = {__0 = 1.5}}, {Rectangle = {width = 3, height = 4}}")
                    .contains("{Tagged = {__0 = 9, __1 = First}}")
                    .contains("number = {Some = {__0 = 77}}")
                    .contains("none = {None = {}}")
                    .contains("tuple = {__0 = true, __1 = 8364 '€'}");
        }
    }
}
