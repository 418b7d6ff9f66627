package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.coredump.DumpIdentity;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.FaultState;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Unwinder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A crash of which only the fault, the pc, the dump's words and the names on the stack matter. */
record FaultScene(
        Architecture architecture,
        FaultState fault,
        long pc,
        @Nullable String reason,
        @Nullable String message) {
    private static final long SOMEWHERE = 0x4200_1000L;

    static FaultScene of(Architecture architecture, FaultState fault) {
        return new FaultScene(architecture, fault, SOMEWHERE, null, null);
    }

    FaultScene at(long other) {
        return new FaultScene(architecture, fault, other, reason, message);
    }

    FaultScene because(String word) {
        return new FaultScene(architecture, fault, pc, word, message);
    }

    FaultScene saying(String text) {
        return new FaultScene(architecture, fault, pc, reason, text);
    }

    /** With frames of these functions, innermost first; {@code ??} has no name. */
    Diagnosis in(String... functions) {
        var registers = Registers.none(architecture)
                .with(architecture.programCounter(), pc)
                .with(architecture.stackPointer(), 0x3fc8_1000L);
        var coredump = new Coredump(
                "test",
                new DumpIdentity(null, null, "app", null, null, reason, message, null),
                architecture,
                Memory.of(architecture.byteOrder(), List.of()),
                List.of(new DumpThread(1, "main", true, registers, null)),
                fault,
                List.of(),
                List.of(),
                List.of());
        return diagnose(coredump, functions);
    }

    /** Of a device core, with frames of these functions, innermost first. */
    static Diagnosis ofDevice(DeviceCoreBuilder dump, String... functions) {
        return diagnose(
                CoredumpFormat.read(dump.key("software", "app").segment(), Limits.DEFAULT)
                        .getFirst(),
                functions);
    }

    private static Diagnosis diagnose(Coredump coredump, String... functions) {
        try (var symbols = LoadedSymbols.open(coredump.images(), id -> Optional.empty())) {
            var space = new AddressSpace(coredump.architecture(), coredump.memory(), symbols);
            var stack = new Unwinder(space, coredump.fault(), Limits.DEFAULT)
                    .unwind(coredump.crashedThread().orElseThrow());
            var frames = Stream.of(functions).map(FaultScene::frame).toList();
            return FaultDiagnosis.of(new CrashScene(coredump, space, stack, frames));
        }
    }

    private static FrameReport frame(String function) {
        var name = function.equals("??") ? null : function;
        return new FrameReport(name, null, "src/a.c", 7, 0, "0x00000800", false, "context", "app", "0x00000800");
    }
}
