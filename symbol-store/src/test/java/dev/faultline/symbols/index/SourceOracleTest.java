package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every second address of the code against llvm-symbolizer, where that is right; at address 0, where no tool that we tried
 * is, against the same objects linked elsewhere.
 */
class SourceOracleTest {
    /** llvm-symbolizer gives these for functions, but they are data between functions. */
    private static final Set<String> DATA = Set.of("vectors", "table_in_text");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "flash-dwarf4-os, flash-dwarf4-os",
        "flash-dwarf5-o2, flash-dwarf5-o2",
        "code-at-flash-dwarf4, code-at-flash-dwarf4",
        "code-at-flash-dwarf5, code-at-flash-dwarf5",
        "no-debug-info, no-debug-info",
        "x86-64-gcc, x86-64-gcc",
        "x86-64-gcc-zlib, x86-64-gcc",
        "x86-64-gcc-zdebug, x86-64-gcc",
        "x86-64-gcc-zstd, x86-64-gcc",
        "aarch64-clang, aarch64-clang",
        "aarch64-clang-dwarf4, aarch64-clang-dwarf4",
        "ppc32be-clang, ppc32be-clang"
    })
    void everyAddressHasTheFramesThatLlvmSymbolizerGives(String elf, String golden) throws IOException {
        var expected = new ArrayList<String>();
        var found = new ArrayList<String>();
        try (var index = Fixtures.index(Fixtures.elf(elf), directory)) {
            for (String line : Files.readAllLines(Fixtures.expected(golden + ".llvm"))) {
                int space = line.indexOf(' ');
                String frames = line.substring(space + 1);
                boolean none = frames.startsWith("??") || DATA.contains(frames.substring(0, frames.indexOf(' ')));
                // llvm-symbolizer takes the name of the object's source for the place of its functions; line 0 tells
                String places = frames.replaceFirst(" names.cpp:0:0$", " ??:0:0");
                expected.add(line.substring(0, space + 1) + (none ? "" : places));
                long address = Long.decode(line.substring(0, space));
                found.add(line.substring(0, space + 1) + text(index.lookup(address)));
            }
        }
        assertThat(found).hasSizeGreaterThan(100).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "code-at-zero-dwarf4, code-at-flash-dwarf4",
        "code-at-zero-dwarf5, code-at-flash-dwarf5",
        "vectors-at-zero, flash-dwarf5-o2"
    })
    void codeAtAddressZeroMeansWhatItMeansElsewhere(String atZero, String elsewhere) {
        try (var index = Fixtures.index(Fixtures.elf(atZero), directory);
                var moved = Fixtures.index(Fixtures.elf(elsewhere), directory)) {
            long distance = moved.text().getFirst().start();
            assertThat(index.text().getFirst().start()).isZero();
            var here = new ArrayList<String>();
            var there = new ArrayList<String>();
            for (var range : index.text()) {
                for (long address = range.start(); address < range.end(); address++) {
                    here.add("%x %s".formatted(address, text(index.lookup(address))));
                    there.add("%x %s".formatted(address, text(moved.lookup(address + distance))));
                    assertThat(index.unwindRow(address))
                            .as("unwind row at 0x%x", address)
                            .isEqualTo(moved.unwindRow(address + distance));
                }
            }
            assertThat(here).hasSizeGreaterThan(200).isEqualTo(there);
            assertThat(here.toString()).doesNotContain("forgotten");
        }
    }

    @Test
    void aJumpThroughANullPointerIsInNoFunction() {
        for (String elf : List.of("vectors-at-zero", "flash-dwarf5-o2", "x86-64-gcc", "ppc32be-clang")) {
            try (var index = Fixtures.index(Fixtures.elf(elf), directory)) {
                assertThat(index.lookup(0)).as(elf).isEmpty();
                assertThat(index.function(0)).as(elf).isEmpty();
                assertThat(index.unwindRow(0)).as(elf).isEmpty();
            }
        }
    }

    private static String text(List<SourceFrame> frames) {
        return frames.stream()
                .map(frame -> "%s %s:%d:%d"
                        .formatted(
                                mangled(frame),
                                frame.file() == null ? "??" : frame.file(),
                                frame.line(),
                                frame.column()))
                .collect(Collectors.joining(" < "));
    }

    private static String mangled(SourceFrame frame) {
        String linkageName = frame.linkageName();
        return linkageName != null ? linkageName : frame.function();
    }
}
