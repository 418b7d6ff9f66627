package dev.faultline.symbols.variables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;

/** Damaged debugging information: values, reasons why there are none, or a typed error; always soon. */
class HostileVariablesTest {
    private static final List<String> PROGRAMS = List.of(
            "types-gcc-o2",
            "types-gcc-dwarf4-o2",
            "types-clang-o2",
            "classes-gcc-o2",
            "enums-rust-o1",
            "types-gcc-types");

    /** A hundredth of what a crash may cost, so that a thousand damaged files take no hour. */
    private static final ValueLimits LIMITS =
            new ValueLimits(8, 64, 200, 1, 256, 1 << 16, 256, 32, 1 << 20, 1_000, 1 << 16);

    private static final Map<String, Coredump> DUMPS = new HashMap<>();

    @Property(tries = 150)
    void anyDamageToDebuggingInformationEndsSoon(
            @ForAll @IntRange(max = 5) int program, @ForAll @IntRange(min = 1, max = 40) int changes, @ForAll long seed)
            throws IOException {
        var name = PROGRAMS.get(program);
        byte[] bytes = Files.readAllBytes(ProgramCore.ROOT.resolve("elf/" + name + ".elf"));
        damage(bytes, sections(name), changes, new Random(seed));
        var file = Files.createTempFile("hostile", ".elf");
        try {
            Files.write(file, bytes);
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> readAll(name, file));
        } finally {
            Files.delete(file);
        }
    }

    private static void readAll(String name, Path file) {
        var dump = DUMPS.computeIfAbsent(name, ProgramCore::dump);
        try (var core = ProgramCore.open(file, dump, LIMITS)) {
            var shown = new ArrayList<Variable>();
            for (int i = 0; i < core.stack().size(); i++) {
                for (var level : core.variables().frame(core.stack(), i)) {
                    shown.addAll(level.arguments());
                    shown.addAll(level.locals());
                }
            }
            core.variables().globals(0, 200).forEach(global -> shown.add(global.variable()));
            for (var variable : shown) {
                assertThat(ValueText.of(variable.value())).isNotNull().hasSizeLessThan(1 << 20);
                assertThat(variable.type()).hasSizeLessThan(1 << 14);
            }
        } catch (FormatException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    /** Where types, variables and locations are described. */
    private static List<Section> sections(String name) {
        try (var elf = ElfFile.open(ProgramCore.ROOT.resolve("elf/" + name + ".elf"), Limits.DEFAULT)) {
            return elf.sections().stream()
                    .filter(section ->
                            section.name().matches("\\.debug_(info|abbrev|types|loc|loclists|addr|rnglists)"))
                    .toList();
        }
    }

    private static void damage(byte[] bytes, List<Section> sections, int changes, Random random) {
        for (int i = 0; i < changes; i++) {
            var section = sections.get(random.nextInt(sections.size()));
            int at = (int) (section.offset() + random.nextLong(section.size()));
            bytes[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) random.nextInt(256);
                case 1 -> (byte) (bytes[at] + 1);
                default -> bytes[(int) (section.offset() + random.nextLong(section.size()))];
            };
        }
    }
}
