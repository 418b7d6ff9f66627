package dev.faultline.symbols.elf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects before linking, against what the linker of their processor makes of them at the same addresses. */
class RelocationsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aarch64",
                "aarch64-clang",
                "arm",
                "arm-be",
                "arm-clang",
                "i386",
                "mips",
                "mips64el",
                "ppc",
                "ppc64",
                "riscv32",
                "riscv64",
                "x86-64",
                "xtensa"
            })
    void anObjectReadsAsTheLinkerWouldFillItIn(String name) {
        try (var object = Fixtures.open(Fixtures.object(name + ".o"));
                var linked = Fixtures.open(Fixtures.object(name + ".linked"))) {
            int compared = 0;
            for (Section section : object.sections()) {
                var counterpart = linked.section(section.name()).orElse(null);
                if (counterpart == null
                        || section.isCode()
                        || section.name().startsWith(".ARM.exidx")
                        || !(section.is(Section.SHF_ALLOC) || section.name().startsWith(".debug"))) {
                    continue;
                }
                assertThat(section.address()).as(section.name()).isEqualTo(counterpart.address());
                assertThat(Fixtures.bytes(object.bytes(section)))
                        .as(section.name())
                        .isEqualTo(Fixtures.bytes(linked.bytes(counterpart)));
                compared++;
            }
            assertThat(compared).isGreaterThan(8);
            assertThat(object.diagnostics()).isEmpty();
        }
    }
}
