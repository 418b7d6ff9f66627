package dev.faultline.symbols.variables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What was not captured is not there, and is not what was optimised away. */
class MissingMemoryTest {
    private static final String PROGRAM = "types-gcc-o0";

    @Test
    void whatWasNotCapturedIsNotInTheDumpAndIsNeverZero() {
        long grid = address("grid");
        try (var core = without(grid, grid + 8)) {
            assertThat(core.variable("grid").value())
                    .isEqualTo(new Value.Sequence(
                            List.of(
                                    run(new Value.Sequence(
                                            List.of(new Value.Run(missing(grid, 8), 2), run(new Value.Scalar("3"))),
                                            0)),
                                    run(new Value.Sequence(
                                            List.of(
                                                    run(new Value.Scalar("4")),
                                                    run(new Value.Scalar("5")),
                                                    run(new Value.Scalar("6"))),
                                            0))),
                            0));
            assertThat(core.global("whole")).as("the rest is as it was").isEqualTo("-2000000000");
        }
    }

    @Test
    void aVariableOfWhichNothingWasCapturedSaysTheRange() {
        long grid = address("grid");
        try (var core = without(grid, grid + 24)) {
            assertThat(core.global("grid")).isEqualTo("<not in dump: 0x%x-0x%x>".formatted(grid, grid + 23));
        }
    }

    @Test
    void constantsComeOutOfTheImageWhereTheDumpHasNotGotThem() {
        long constant = address("constant");
        try (var core = without(constant & -4096, (constant & -4096) + 4096)) {
            assertThat(core.global("constant")).isEqualTo("42");
        }
    }

    @Test
    void whatWasOptimisedAwayIsNotMissing() {
        try (var core = ProgramCore.open("types-gcc-o2")) {
            assertThat(core.in("by_value", "value").value()).isEqualTo(new Value.OptimisedOut());
        }
    }

    @Test
    void withoutItsStackNoLocalIsMadeUp() {
        var dump = ProgramCore.dump(PROGRAM);
        long sp = dump.threads()
                .getFirst()
                .registers()
                .get(dump.architecture().stackPointer())
                .orElseThrow();
        try (var core = without(sp - 4096, sp + (1 << 20))) {
            assertThat(core.stack()).hasSize(1);
            var level = core.variables().frame(core.stack(), 0).getFirst();
            assertThat(level.arguments()).hasSize(2);
            assertThat(level.locals()).hasSize(4);
            for (var variable : level.arguments()) {
                assertThat(variable.value()).as(variable.name()).isInstanceOf(Value.NotInDump.class);
            }
            for (var variable : level.locals()) {
                assertThat(variable.value()).as(variable.name()).isInstanceOf(Value.NotInDump.class);
            }
        }
    }

    private static long address(String global) {
        try (var core = ProgramCore.open(PROGRAM)) {
            return core.variable(global).address().orElseThrow();
        }
    }

    private static ProgramCore without(long from, long to) {
        return ProgramCore.open(
                ProgramCore.ROOT.resolve("elf/" + PROGRAM + ".elf"),
                ProgramCore.without(ProgramCore.dump(PROGRAM), from, to),
                ValueLimits.DEFAULT);
    }

    private static Value.Run run(Value value) {
        return new Value.Run(value, 1);
    }

    private static Value missing(long address, long size) {
        return new Value.NotInDump(List.of(new Value.MissingRange(address, size)));
    }
}
