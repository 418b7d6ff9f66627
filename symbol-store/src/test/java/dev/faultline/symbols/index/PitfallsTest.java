package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What makes other tools give wrong answers, each with a program that we wrote for it. That every byte of these files is
 * answered rightly is in {@code DifferentialTest} of the command line; here is what a reader should know of each.
 */
class PitfallsTest {
    private static final Path SOURCES = Path.of("../firmware-fixtures/symbols/sources");
    private static final Path HOSTILE = Path.of("../firmware-fixtures/symbols/hostile");

    @TempDir
    Path directory;

    // 1: tombstones

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x86-64-gcc",
                "tombstones-gold",
                "tombstones-lld",
                "tombstones-lld-highest",
                "tombstones-lld-32bit",
                "thumb-clang",
                "rows"
            })
    void noAddressOfATombstoneMeansAnything(String elf) {
        try (var index = index(elf)) {
            for (long tombstone : new long[] {0, 1, -1, -2, 0xffff_ffffL, 0xffff_fffeL, 8, 0x40}) {
                assertThat(index.lookup(tombstone)).as("0x%x", tombstone).isEmpty();
            }
            for (String discarded : List.of("forgotten", "forgotten_as_well", "ghost")) {
                assertThat(index.function(discarded)).as(discarded).isEmpty();
            }
        }
    }

    @Test
    void codeAtAddressZeroIsNotTakenForDiscardedCode() {
        try (var index = index("riscv32-at-zero")) {
            assertThat(index.function(0).map(FunctionSymbol::name)).contains("_start");
            assertThat(index.lookup(0)).isNotEmpty().allMatch(frame -> frame.line() > 0);
        }
    }

    // 2: rows out of order

    @Test
    void anAddressThatIsSetBackEndsASequenceAndSwallowsNothing() {
        try (var index = index("rows")) {
            assertThat(lines(index, "second")).containsExactly("rows.c:21", "rows.c:22", "rows.c:25", "rows.c:26");
        }
    }

    @Test
    void ofSeveralRowsOfOneAddressTheLastOneCountsAndLineZeroIsAnAnswer() {
        try (var index = index("rows")) {
            assertThat(lines(index, "first")).containsExactly("rows.c:0", "rows.c:10", "rows.c:12", "rows.c:13");
        }
    }

    @Test
    void aRowThatGoesOnBehindItsFunctionIsCutAtTheFunctionsEnd() {
        try (var index = index("rows")) {
            var third = index.function("third").orElseThrow();

            assertThat(lines(index, "third")).containsExactly("other.c:30", "other.c:31");
            assertThat(index.lookup(third.address() + third.size()))
                    .containsExactly(new SourceFrame("_start", null, null, 0, 0, false));
        }
    }

    // 3: the Thumb bit

    @Test
    void theThumbBitIsInSymbolsAndInWhatTheAssemblerSaysAndNeverInAnAnswer() throws IOException {
        try (var index = index("thumb-assembly")) {
            for (String name : List.of("_start", "count_down", "idle", "program", "feed")) {
                var function = index.function(name).orElseThrow();
                assertThat(function.address() & 1).as(name).isZero();
                assertThat(index.lookup(function.address()).getLast().function())
                        .isEqualTo(name);
            }
            var countDown = index.function("count_down").orElseThrow();
            assertThat(index.lookup(countDown.address()).getFirst().line()).isEqualTo(line("thumb.s", "ldr r0, limit"));
            assertThat(index.lookup(countDown.address() + countDown.size() - 1)
                            .getFirst()
                            .function())
                    .as("data inside of a function")
                    .isEqualTo("count_down");
        }
    }

    // 4: several segments

    @Test
    void bootLoaderApplicationAndCodeInRamAreOneImageWithTheAddressesOfExecution() {
        try (var index = index("boot-and-app")) {
            assertThat(index.function("boot_start").orElseThrow().address()).isBetween(0x0800_0000L, 0x0800_3fffL);
            assertThat(index.function("feed").orElseThrow().address()).isBetween(0x0801_0000L, 0x0801_ffffL);
            var inRam = index.function("write_flash").orElseThrow();
            assertThat(inRam.address()).isBetween(0x2000_0000L, 0x2000_3fffL);
            assertThat(lines(index, "write_flash")).isNotEmpty().allMatch(line -> line.startsWith("boot.c:"));
            assertThat(index.text()).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void twoImagesAtTheSameAddressesAreToldApartByTheirBuildIds() {
        try (var first = index("flash-dwarf4-os");
                var second = index("flash-dwarf5-o2")) {
            assertThat(first.text().getFirst().start())
                    .isEqualTo(second.text().getFirst().start());
            assertThat(first.buildId()).isNotEqualTo(second.buildId());
        }
    }

    // 5: functions in several pieces

    @Test
    void theColdPartOfAFunctionIsThatFunction() throws IOException {
        try (var index = index("clones-x86-64")) {
            var check = index.function("check").orElseThrow();
            int cold = line("clones.c", "the cold part");

            assertThat(addressesOf(index, "check", cold))
                    .isNotEmpty()
                    .allMatch(address -> address < check.address() || address >= check.address() + check.size());
        }
    }

    // 6: names of clones

    @ParameterizedTest
    @ValueSource(strings = {"clones", "clones-x86-64", "lto-gcc-dwarf5", "thinlto-clang", "x86-64-gcc-o3"})
    void aCloneHasTheNameOfItsSource(String elf) {
        try (var index = index(elf)) {
            assertThat(functions(index)).isNotEmpty().noneMatch(name -> name.contains("."));
        }
    }

    // 7: aliases and folded functions

    @Test
    void ofSeveralNamesOfAFunctionTheOneThatIsGlobalAndShortestIsShown() {
        try (var index = index("aliases")) {
            var handler = index.function("default_handler").orElseThrow();

            assertThat(index.function("timer_handler").map(FunctionSymbol::address))
                    .contains(handler.address());
            assertThat(index.function("a_handler").map(FunctionSymbol::address)).contains(handler.address());
            assertThat(index.lookup(handler.address()).getLast().function()).isEqualTo("default_handler");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"folded-lld", "folded-gold"})
    void functionsFoldedIntoOneAnswerWithOneNameAndItsOwnLines(String elf) throws IOException {
        try (var index = index(elf)) {
            var kelvin = index.function("kelvin").orElseThrow();

            assertThat(index.function("celsius").map(FunctionSymbol::address)).contains(kelvin.address());
            var named = functions(index);
            named.retainAll(Set.of("kelvin", "celsius", "rankine"));
            // lld leaves only the description of the one that it kept; gold leaves all of them
            assertThat(named).hasSize(1);
            String kept = named.iterator().next();
            String other = kept.equals("kelvin") ? "celsius" : "kelvin";
            assertThat(lines(index, kept)).contains("folded.c:" + line("folded.c", "/* %s */".formatted(kept)));
            assertThat(lines(index, kept)).doesNotContain("folded.c:" + line("folded.c", "/* %s */".formatted(other)));
        }
    }

    // 8: link-time optimisation

    @ParameterizedTest
    @ValueSource(strings = {"lto-gcc-dwarf4", "lto-gcc-dwarf5", "lto-clang", "thinlto-clang"})
    void callsInlinedAcrossUnitsKeepTheNameAndTheFileOfTheirUnit(String elf) {
        try (var index = index(elf)) {
            assertThat(places(index)).anyMatch(place -> place.matches(".*step names.cpp:\\d+ < _start start-host.c:9"));
        }
    }

    // 9: numbers of files

    @Test
    void unitsOfDifferentVersionsCountTheirFilesFromWhereEachVersionDoes() {
        try (var index = index("mixed-versions")) {
            assertThat(index.summary().dwarfVersions()).containsExactly(3, 5);
            assertThat(lines(index, "checksum")).isNotEmpty().allMatch(line -> line.startsWith("ring.c:"));
            assertThat(lines(index, "_ZNK3net4wire6Packet3sumEv"))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("names.cpp:"));
        }
    }

    // 10 and 11: debugging information in other files, moved, packed

    @Test
    void partialUnitsOfDwzGiveTheirNamesToThoseThatImportThem() {
        for (String elf : List.of("dwz", "dwz-dwarf4")) {
            try (var index = index(elf);
                    var before = index("before-" + elf)) {
                assertThat(everyAnswer(index)).as(elf).isEqualTo(everyAnswer(before));
            }
        }
    }

    // 12: relocations

    @Test
    void anImageThatKeptItsRelocationsIsReadAsItIs() {
        try (var index = index("x86-64-emit-relocs");
                var plain = index("x86-64-gcc")) {
            assertThat(everyAnswer(index)).isEqualTo(everyAnswer(plain));
        }
    }

    // 13: separate debug files

    @Test
    void aDebugFileWithoutCodeAnswersForTheImage() {
        Path file = directory.resolve("separate.idx");
        SymbolIndex.build(Path.of("../firmware-fixtures/symbols/elf/separate.debug"), file, Limits.DEFAULT);
        try (var index = SymbolIndex.open(file);
                var whole = index("aarch64-gcc")) {
            assertThat(index.buildId()).isEqualTo(whole.buildId());
            assertThat(everyAnswer(index)).isEqualTo(everyAnswer(whole));
        }
    }

    // 14: functions without debugging information

    @Test
    void assemblyWithoutASizeIsNamedWithoutAFile() {
        try (var index = index("flash-dwarf5-o2")) {
            assertThat(index.lookup(index.function("spin").orElseThrow().address()))
                    .containsExactly(new SourceFrame("spin", null, null, 0, 0, false));
        }
    }

    // 15: names

    @Test
    void aNameOfCThatBeginsAsAMangledOneStaysAsItIs() {
        try (var index = index("aliases")) {
            var frame = index.lookup(index.function("_Zone").orElseThrow().address())
                    .getLast();

            assertThat(frame.function()).isEqualTo("_Zone");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rust-v0", "rust-legacy", "rust-debug"})
    void functionsOfRustKeepTheirLinkersNames(String elf) {
        try (var index = index(elf)) {
            assertThat(everyAnswer(index).toString())
                    .contains("steps.rs")
                    .containsPattern(elf.equals("rust-v0") ? "_RN?[A-Za-z0-9_]+5steps" : "_ZN5steps");
        }
    }

    // 16: calls

    @Test
    void theCallBeforeAReturnAddressIsInTheFunctionThatCalled() throws IOException {
        try (var index = index("deep-inlines-gcc")) {
            var refuse = index.function("refuse").orElseThrow();
            long returnAddress = refuse.address() + refuse.size();

            assertThat(index.lookup(returnAddress - 1).getLast().function()).isEqualTo("refuse");
            assertThat(index.lookup(returnAddress - 1).getFirst().line())
                    .isEqualTo(line("deep.c", "the last instruction */"));
        }
    }

    // 17: columns

    @Test
    void withoutColumnsTheFramesAreTheSame() {
        try (var index = index("x86-64-gcc-no-columns");
                var with = index("x86-64-gcc")) {
            assertThat(everyAnswer(index)).isEqualTo(everyAnswer(with));
            var range = index.text().getFirst();
            for (long address = range.start(); address < range.end(); address++) {
                assertThat(index.lookup(address)).allMatch(frame -> frame.column() == 0);
            }
        }
    }

    // inlined calls

    @ParameterizedTest
    @ValueSource(strings = {"deep-inlines-gcc", "deep-inlines-clang"})
    void everyLevelOfTwelveInlinedCallsIsThereWithOrWithoutRowsOfItsOwn(String elf) throws IOException {
        try (var index = index(elf)) {
            int innermost = line("deep.c", "the innermost");
            var chain = new TreeSet<String>();
            for (String place : places(index)) {
                if (place.startsWith("level12 deep.c:" + innermost) && place.contains("level1 ")) {
                    chain.add(place.replaceAll(" deep.c:\\d+", ""));
                }
            }
            assertThat(chain)
                    .containsExactly("level12 < level11 < level10 < level9 < level8 < level7 < level6 < level5 < level4"
                            + " < level3 < level2 < level1 < descend");
        }
    }

    // versions and shapes that say the same

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x86-64-gcc-dwarf3",
                "x86-64-gcc-dwarf4",
                "x86-64-gcc-64bit",
                "x86-64-gcc-zlib",
                "x86-64-gcc-zdebug",
                "x86-64-gcc-zstd"
            })
    void theSameCodeHasTheSameFramesInEveryShapeOfDebuggingInformation(String elf) {
        try (var index = index(elf);
                var plain = index("x86-64-gcc")) {
            assertThat(everyAnswer(index)).isEqualTo(everyAnswer(plain));
        }
    }

    // 18: files that mean harm

    static Stream<Path> hostile() throws IOException {
        try (var files = Files.list(HOSTILE)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileFileIsRefusedOrAnswersWithWhatItsSymbolsSay(Path elf) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            Path file = directory.resolve("hostile.idx");
            try {
                SymbolIndex.build(elf, file, Limits.DEFAULT);
            } catch (FormatException refused) {
                assertThat(refused.getMessage()).isNotBlank();
                return;
            }
            try (var index = SymbolIndex.open(file)) {
                var alive = index.function("alive").orElseThrow();
                assertThat(index.lookup(alive.address() + 3)).isNotEmpty();
                assertThat(index.lookup(-2)).isEmpty();
            }
        });
    }

    @Test
    void aSectionThatSaysItBecomesSixtyFourGibibytesIsNotBelieved() {
        Path file = directory.resolve("bomb.idx");
        Path elf = HOSTILE.resolve("bomb-that-lies.elf");
        try {
            assertThat(SymbolIndex.build(elf, file, Limits.DEFAULT).diagnostics())
                    .isNotEmpty();
        } catch (FormatException refused) {
            assertThat(refused).hasMessageContaining("debug_info");
        }
    }

    private SymbolIndex index(String elf) {
        return Fixtures.index(Fixtures.elf(elf), directory);
    }

    /** Every {@code file:line} of a function's own level, files without directories. */
    private static Set<String> lines(SymbolIndex index, String function) {
        var symbol = index.function(function).orElseThrow();
        var lines = new TreeSet<String>();
        for (long at = symbol.address(); at < symbol.address() + symbol.size(); at++) {
            for (var frame : index.lookup(at)) {
                lines.add(place(frame));
            }
        }
        return lines;
    }

    /** Every chain of the image, innermost first. */
    private static Set<String> places(SymbolIndex index) {
        var places = new TreeSet<String>();
        for (var range : index.text()) {
            for (long address = range.start(); address < range.end(); address++) {
                places.add(chain(index, address));
            }
        }
        return places;
    }

    private static Set<Long> addressesOf(SymbolIndex index, String function, int line) {
        var addresses = new TreeSet<Long>();
        for (var range : index.text()) {
            for (long address = range.start(); address < range.end(); address++) {
                var frames = index.lookup(address);
                if (!frames.isEmpty()
                        && frames.getLast().function().equals(function)
                        && frames.getLast().line() == line) {
                    addresses.add(address);
                }
            }
        }
        return addresses;
    }

    private static Set<String> functions(SymbolIndex index) {
        var names = new TreeSet<String>();
        for (var range : index.text()) {
            for (long address = range.start(); address < range.end(); address++) {
                index.lookup(address).forEach(frame -> names.add(frame.function()));
            }
        }
        return names;
    }

    private static List<String> everyAnswer(SymbolIndex index) {
        return index.text().stream()
                .flatMapToLong(range -> java.util.stream.LongStream.range(range.start(), range.end()))
                .mapToObj(address -> "%x %s".formatted(address, chain(index, address)))
                .toList();
    }

    private static String chain(SymbolIndex index, long address) {
        return index.lookup(address).stream()
                .map(frame -> {
                    String linkageName = frame.linkageName();
                    return (linkageName == null ? frame.function() : linkageName) + " " + place(frame);
                })
                .collect(Collectors.joining(" < "));
    }

    private static String place(SourceFrame frame) {
        String file = frame.file();
        return (file == null ? "??" : file.substring(file.lastIndexOf('/') + 1)) + ":" + frame.line();
    }

    /** The line of a source that holds a text. */
    private static int line(String source, String text) throws IOException {
        var lines = Files.readAllLines(SOURCES.resolve(source));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(source + " does not say " + text);
    }
}
