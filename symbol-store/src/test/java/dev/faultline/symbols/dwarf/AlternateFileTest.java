package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ABSTRACT_ORIGIN;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAMESPACE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.PARTIAL_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dwz moves out: into partial units of the same file, or into a file that several share. */
class AlternateFileTest {
    private static final Path FIXTURES = Path.of("../firmware-fixtures/symbols/elf");

    private final DwarfBytes info = new DwarfBytes();
    private final DwarfBytes abbreviations = new DwarfBytes();
    private final HandmadeElf image = new HandmadeElf();
    private final List<String> asked = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {Form.GNU_REF_ALT, Form.REF_SUP4, Form.REF_SUP8})
    void namesAreReadOutOfTheOtherFile(int reference) {
        image.section(".gnu_debugaltlink", new DwarfBytes().text("common.debug").hex("a1b2c3"));
        var otherInfo = new DwarfBytes();
        var otherAbbreviations = new DwarfBytes();
        var partial = new HandmadeUnit(otherInfo, otherAbbreviations, 4, 8);
        partial.begin(PARTIAL_UNIT);
        partial.begin(NAMESPACE, text(NAME, "net"));
        long shared = partial.leaf(SUBPROGRAM, partial.attribute(NAME, Form.STRP, 3));
        partial.end().end().write();
        var unit = new HandmadeUnit(info, abbreviations, 5, 8);
        unit.begin(COMPILE_UNIT, unit.attribute(NAME, Form.STRP_SUP, 0));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, reference, shared)));
        unit.leaf(SUBPROGRAM, unit.code(0x2000, 8, unit.attribute(NAME, Form.GNU_STRP_ALT, 3)));
        unit.leaf(SUBPROGRAM, unit.code(0x3000, 8, unit.attribute(ABSTRACT_ORIGIN, reference, 0x777)));
        unit.end().write();
        try (var other = new HandmadeElf()
                .section(".debug_info", otherInfo)
                .section(".debug_abbrev", otherAbbreviations)
                .section(".debug_str", new DwarfBytes().text("c.").text("shared"))
                .open()) {
            var read = read(Optional.of(other));

            assertThat(read.units).containsExactly("c. version 5 language 0x0");
            assertThat(read.nodes).containsExactly("net::shared 1000-1008", "shared 2000-2008", "? 3000-3008");
            assertThat(read.diagnostics).singleElement().asString().contains("reference to 0x777");
            assertThat(asked).containsExactly("common.debug a1b2c3");
        }
    }

    @Test
    void withoutTheOtherFileTheCodeIsStillFound() {
        image.section(
                ".debug_sup",
                new DwarfBytes().u16(5).u8(0).text("common.sup").uleb(2).hex("beef"));
        var unit = new HandmadeUnit(info, abbreviations, 5, 8);
        unit.begin(COMPILE_UNIT, text(NAME, "one.c"));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF_SUP4, 0x20)));
        unit.leaf(SUBPROGRAM, unit.code(0x2000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF_SUP4, 0x30)));
        unit.end().write();
        var read = read(Optional.empty());

        assertThat(read.nodes).containsExactly("? 1000-1008", "? 2000-2008");
        assertThat(read.diagnostics)
                .containsExactly("common.sup, which the file shares debugging information with, is not here");
        assertThat(asked).containsExactly("common.sup beef");
    }

    @Test
    void aLinkThatDoesNotSayWhichFileItMeansIsReportedAndNobodyIsAsked() {
        image.section(".gnu_debugaltlink", new DwarfBytes().text("common.debug"));
        var unit = new HandmadeUnit(info, abbreviations, 4, 8);
        unit.begin(COMPILE_UNIT, text(NAME, "one.c"));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.GNU_REF_ALT, 0x20)));
        unit.end().write();
        var read = read(Optional.empty());

        assertThat(read.nodes).containsExactly("? 1000-1008");
        assertThat(read.diagnostics).singleElement().asString().contains("a build id of 0 bytes");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "dwz, before-dwz, ",
        "dwz-dwarf4, before-dwz-dwarf4, ",
        "dwz-alternate, before-dwz, dwz-alternate.common",
        "dwz-dwarf4-alternate, before-dwz-dwarf4, dwz-dwarf4-alternate.common"
    })
    void whatDwzMadeSmallerSaysTheSameAsBefore(String smaller, String before, String other) {
        var alternate = Optional.ofNullable(other).map(name -> ElfFile.open(FIXTURES.resolve(name), Limits.DEFAULT));
        try (var elf = ElfFile.open(FIXTURES.resolve(smaller + ".elf"), Limits.DEFAULT);
                var whole = ElfFile.open(FIXTURES.resolve(before + ".elf"), Limits.DEFAULT)) {
            var read = ReadUnits.of(elf, companions(alternate), Limits.DEFAULT);
            var expected = ReadUnits.of(whole, Companions.NONE, Limits.DEFAULT);

            assertThat(read.diagnostics).isEmpty();
            assertThat(read.nodes).isNotEmpty().containsExactlyElementsOf(expected.nodes);
            assertThat(read.sequences).containsExactlyElementsOf(expected.sequences);
        } finally {
            alternate.ifPresent(ElfFile::close);
        }
    }

    private ReadUnits read(Optional<ElfFile> other) {
        image.section(".debug_info", info).section(".debug_abbrev", abbreviations);
        return ReadUnits.of(image, companions(other), Limits.DEFAULT);
    }

    private Companions companions(Optional<ElfFile> alternate) {
        return new Companions() {
            @Override
            public Optional<ElfFile> alternate(AlternateLink link) {
                asked.add(link.name() + " " + link.buildId());
                return alternate;
            }

            @Override
            public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
                return Optional.empty();
            }

            @Override
            public Optional<ElfFile> splitPackage() {
                return Optional.empty();
            }
        };
    }
}
