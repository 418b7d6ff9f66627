package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types that are made of themselves, put into a file that a compiler made: they end, and say how. */
class CircularTypesTest {
    private static final String PROGRAM = "types-gcc-o0";
    private static final Path ELF = ProgramCore.ROOT.resolve("elf/" + PROGRAM + ".elf");

    @TempDir
    Path directory;

    @Test
    void aTypedefOfItself() throws IOException {
        assertThat(shown(
                        "somewhere",
                        entry -> entry.tag() == DW_TAG_TYPEDEF && entry.name().equals("place")))
                .isEqualTo("<unreadable: the size of its type `place` is not known>");
    }

    @Test
    void aStructureWhoseFirstMemberIsTheStructure() throws IOException {
        assertThat(shown(
                        "somewhere",
                        entry -> entry.tag() == DW_TAG_STRUCTURE_TYPE
                                && entry.name().equals("point")))
                .startsWith("{x = {x = {x = ")
                .contains("{...}");
    }

    @Test
    void anArrayOfItself() throws IOException {
        assertThat(shown("sizes", entry -> entry.tag() == DW_TAG_ARRAY_TYPE))
                .startsWith("<unreadable: the size of its type `");
    }

    @Test
    void aFunctionThatReturnsItself() throws IOException {
        try (var core = circular(entry -> entry.tag() == DW_TAG_SUBROUTINE_TYPE)) {
            assertThat(core.variable("function").type()).contains("...").hasSizeLessThan(4096);
        }
    }

    private String shown(String global, Predicate<Entry> which) throws IOException {
        try (var core = circular(which)) {
            return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> core.global(global));
        }
    }

    /** The program with the first type that each matching entry, or the first inside of it, refers to replaced by the entry. */
    private ProgramCore circular(Predicate<Entry> which) throws IOException {
        byte[] bytes = Files.readAllBytes(ELF);
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int changed = 0;
        try (var elf = ElfFile.open(ELF, Limits.DEFAULT)) {
            var entries =
                    DebugInfo.openWhole(elf, Companions.NONE, Limits.DEFAULT).entries(1 << 24);
            long section = elf.sections().stream()
                    .filter(one -> one.name().equals(".debug_info"))
                    .findFirst()
                    .orElseThrow()
                    .offset();
            for (var unit : entries.units()) {
                for (var entry : entries.root(unit).children()) {
                    if (which.test(entry)) {
                        var holder =
                                entry.has(DW_AT_TYPE) ? entry : entry.children().getFirst();
                        replace(buffer, section + holder.offset(), type(holder), (int)
                                (entry.offset() - unit.offset()));
                        changed++;
                    }
                }
            }
        }
        assertThat(changed).isPositive();
        var file = directory.resolve("circular.elf");
        Files.write(file, bytes);
        return ProgramCore.open(file, ProgramCore.dump(PROGRAM), ValueLimits.DEFAULT);
    }

    private static int type(Entry holder) {
        var type = holder.reference(DW_AT_TYPE).orElseThrow();
        return (int) (type.offset() - holder.unit().offset());
    }

    private static void replace(ByteBuffer in, long from, int old, int replacement) {
        for (int at = (int) from + 1; at < from + 32; at++) {
            if (in.getInt(at) == old) {
                in.putInt(at, replacement);
                return;
            }
        }
        throw new IllegalStateException("no reference behind 0x%x".formatted(from));
    }

    @Test
    void theProgramItselfHasNoCircles() {
        try (var core = ProgramCore.open(PROGRAM)) {
            assertThat(List.of(core.global("somewhere"), core.global("sizes")))
                    .containsExactly("{x = 3, y = -4}", "{32}");
        }
    }
}
