package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.BASE_TYPE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STRUCTURE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.raw;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Where members lie, as compilers write it and as nobody should. */
class StructLayoutsTest {
    private static final Path KERNELS = Path.of("..", "firmware-fixtures", "kernels", "elf");
    private static final int MEMBER = 0x0d;
    private static final int POINTER = 0x0f;
    private static final int TYPEDEF = 0x16;
    private static final int BYTE_SIZE = 0x0b;
    private static final int LOCATION = 0x38;
    private static final int TYPE = 0x49;
    private static final int BIT_OFFSET = 0x6b;

    @Test
    void aTaskOfFreeRtosIsLaidOutAsItsSourceSays() throws IOException {
        var task = Objects.requireNonNull(read("freertos-m4f", "TCB_t").get("TCB_t"));

        assertThat(task.size()).isEqualTo(76);
        assertThat(task.offset("pxTopOfStack")).hasValue(0);
        assertThat(task.offset("xEventListItem")).hasValue(24);
        assertThat(task.offset("xEventListItem.pvOwner"))
                .as("a member of a member")
                .hasValue(36);
        assertThat(task.offset("uxPriority")).hasValue(44);
        assertThat(task.member("pcTaskName")).hasValue(new StructLayout.Member(52, 16, false, null));
        assertThat(task.member("pxStack")).hasValue(new StructLayout.Member(48, 4, true, null));
        assertThat(task.offset("nothing")).isEmpty();
        assertThat(task.offset("uxPriority.nothing")).isEmpty();
    }

    @Test
    void membersOfUnnamedUnionsCountAsTheStructuresOwn() throws IOException {
        var thread = Objects.requireNonNull(read("zephyr-m3", "k_thread").get("k_thread"));

        assertThat(thread.offset("base.prio")).hasValue(14);
        assertThat(thread.offset("base.preempt")).hasValue(14);
        assertThat(thread.offset("base.sched_locked")).hasValue(15);
        assertThat(thread.offset("stack_info.size")).isPresent();
    }

    @Test
    void membersOfAnArrayAreThoseOfItsFirstElement() throws IOException {
        var kernel = Objects.requireNonNull(read("zephyr-m3", "z_kernel").get("z_kernel"));

        assertThat(kernel.offset("cpus.current")).hasValue(8);
        assertThat(kernel.offset("threads")).hasValue(12);
    }

    @Test
    void aFileWithoutTypesDefinesNone() throws IOException {
        assertThat(read("freertos-m3-notypes", "TCB_t")).isEmpty();
    }

    /** DWARF 2 has the location of a member as an expression. */
    @Test
    void aMemberOfDwarf2LiesWhereItsExpressionAdds() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 2, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "old.c"));
        long word = unit.leaf(BASE_TYPE, unit.attribute(BYTE_SIZE, Form.DATA1, 4));
        unit.begin(STRUCTURE, text(NAME, "task"), unit.attribute(BYTE_SIZE, Form.DATA1, 8));
        unit.leaf(
                MEMBER,
                text(NAME, "first"),
                unit.attribute(TYPE, Form.REF4, word),
                raw(LOCATION, Form.BLOCK1, new DwarfBytes().u8(2, 0x23, 0)));
        unit.leaf(
                MEMBER,
                text(NAME, "second"),
                unit.attribute(TYPE, Form.REF4, word),
                raw(LOCATION, Form.BLOCK1, new DwarfBytes().u8(2, 0x23, 4)));
        unit.leaf(
                MEMBER,
                text(NAME, "virtual"),
                unit.attribute(TYPE, Form.REF4, word),
                raw(LOCATION, Form.BLOCK1, new DwarfBytes().u8(2, 0x12, 0x06)));
        unit.end().end().write();

        assertThat(read(info, abbreviations, "task").layouts().get("task"))
                .isEqualTo(new StructLayout(
                        8,
                        Map.of(
                                "first", new StructLayout.Member(0, 4, false, null),
                                "second", new StructLayout.Member(4, 4, false, null))));
    }

    @Test
    void aTypedefNamesWhatItStandsForAndABitFieldItsByte() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 5, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "new.c"));
        long word = unit.leaf(BASE_TYPE, unit.attribute(BYTE_SIZE, Form.DATA1, 4));
        long pointer = unit.leaf(POINTER);
        long structure = unit.begin(STRUCTURE, unit.attribute(BYTE_SIZE, Form.DATA1, 12));
        unit.leaf(
                MEMBER,
                text(NAME, "next"),
                unit.attribute(TYPE, Form.REF4, pointer),
                unit.attribute(LOCATION, Form.DATA1, 4));
        unit.leaf(
                MEMBER,
                text(NAME, "flag"),
                unit.attribute(TYPE, Form.REF4, word),
                unit.attribute(BIT_OFFSET, Form.DATA1, 65));
        unit.end();
        unit.leaf(TYPEDEF, text(NAME, "task_t"), unit.attribute(TYPE, Form.REF4, structure));
        unit.end().write();

        assertThat(read(info, abbreviations, "task_t").layouts().get("task_t"))
                .isEqualTo(new StructLayout(
                        12,
                        Map.of(
                                "next", new StructLayout.Member(4, 4, true, null),
                                "flag", new StructLayout.Member(8, 4, false, null))));
    }

    @Test
    void aStructureThatHoldsItselfEnds() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 5, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "hostile.c"));
        long itself = unit.next();
        unit.begin(STRUCTURE, text(NAME, "task"), unit.attribute(BYTE_SIZE, Form.DATA1, 12));
        for (int i = 0; i < 8; i++) {
            unit.leaf(
                    MEMBER,
                    text(NAME, "inner" + i),
                    unit.attribute(TYPE, Form.REF4, itself),
                    unit.attribute(LOCATION, Form.DATA1, i));
        }
        unit.end().end().write();

        var found = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(info, abbreviations, "task"));

        assertThat(found.layouts()).isEmpty();
        assertThat(found.damage())
                .singleElement()
                .asString()
                .contains("entries of one structure 20001 exceeds the limit of 20000");
    }

    @Property(tries = 300)
    void damagedTypesGiveLayoutsOrSentences(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 1 << 20) Integer> places, @ForAll byte value)
            throws IOException {
        byte[] bytes = Files.readAllBytes(KERNELS.resolve("zephyr-m3.elf"));
        for (int place : places) {
            bytes[place % bytes.length] = value;
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (var elf = ElfFile.of(ByteReader.of("zephyr-m3.elf", bytes), Limits.DEFAULT)) {
                var found = StructLayouts.read(elf, Set.of("k_thread", "z_kernel"), Limits.DEFAULT);
                assertThat(found.layouts().keySet()).isSubsetOf("k_thread", "z_kernel");
                assertThat(found.damage()).hasSizeLessThanOrEqualTo(8);
            } catch (FormatException refused) {
                assertThat(refused.getMessage())
                        .as("of the headers of the file")
                        .isNotBlank();
            }
        });
    }

    private static Map<String, StructLayout> read(String build, String structure) throws IOException {
        var bytes = Files.readAllBytes(KERNELS.resolve(build + ".elf"));
        try (var elf = ElfFile.of(ByteReader.of(build, bytes), Limits.DEFAULT)) {
            return StructLayouts.read(elf, Set.of(structure), Limits.DEFAULT).layouts();
        }
    }

    private static StructLayouts.Found read(DwarfBytes info, DwarfBytes abbreviations, String structure) {
        var file = new HandmadeElf().section(".debug_info", info).section(".debug_abbrev", abbreviations);
        try (var elf = file.open()) {
            return StructLayouts.read(elf, Set.of(structure), Limits.DEFAULT);
        }
    }
}
