package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.FloatFile;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.bytes.ByteReader;
import java.util.HashMap;
import java.util.List;

/**
 * How the registers of one processor lie in a minidump.
 *
 * @param parts groups of registers with the places they begin at
 * @param floats the floating-point registers
 */
record MinidumpContext(Architecture architecture, List<Part> parts, Floats floats) {
    private static final String RISC_V = "pc ra sp gp tp t0-t2 s0 s1 a0-a7 s2-s11 t3-t6";
    private static final int OLD_AARCH64 = 0x8003;

    /** Of {@code context_flags}; x86 counts otherwise. */
    private static final int FLOATING_POINT = 4;

    private static final int X86_FLOATING_POINT = 8;
    private static final int EXTENDED_REGISTERS = 0x20;

    private record Part(int offset, RegisterList list) {}

    /** There if {@code flag} of {@code context_flags}, which are at {@code flagsAt}, is set. */
    private record Floats(int flagsAt, int flag, List<FloatRows> rows) {

        static Floats of(int flag, int offset, int stride, String letters) {
            return new Floats(0, flag, List.of(new FloatRows(offset, stride, letters, 32)));
        }

        /** A context that ends before them has the others. */
        Registers read(ByteReader context, FloatFile file, Registers registers) {
            boolean isThere = (context.copy().seek(flagsAt).u32() & flag) != 0
                    && rows.stream().allMatch(row -> row.isIn(context));
            return isThere ? FloatRows.read(rows, context, file, registers) : registers;
        }
    }

    static MinidumpContext of(ByteReader system) {
        if (system.size() < 2) {
            throw system.error("a minidump without system information: its processor is not known");
        }
        int number = system.seek(0).u16();
        return switch (number) {
            case 0 ->
                new MinidumpContext(
                        new X86(),
                        List.of(new Part(156, RegisterList.of(4, "edi esi ebx edx ecx eax ebp eip cs eflags esp"))),
                        new Floats(0, EXTENDED_REGISTERS, FloatRows.fxsave(204, 8)));
            case 5 ->
                new MinidumpContext(
                        new Arm32(),
                        List.of(new Part(4, RegisterList.of(4, "r0-r12 sp lr pc cpsr"))),
                        Floats.of(FLOATING_POINT, 80, 8, "d"));
            case 9 ->
                new MinidumpContext(
                        new X86_64(),
                        List.of(
                                new Part(68, RegisterList.of(4, "rflags")),
                                new Part(120, RegisterList.of(8, "rax rcx rdx rbx rsp rbp rsi rdi r8-r15 rip"))),
                        new Floats(48, X86_FLOATING_POINT, FloatRows.fxsave(256, 16)));
            case 12 ->
                new MinidumpContext(
                        new AArch64(),
                        List.of(
                                new Part(4, RegisterList.of(4, "pstate")),
                                new Part(8, RegisterList.of(8, "x0-x30 sp pc"))),
                        Floats.of(FLOATING_POINT, 272, 16, "v"));
            case OLD_AARCH64 ->
                new MinidumpContext(
                        new AArch64(),
                        List.of(
                                new Part(8, RegisterList.of(8, "x0-x30 sp pc")),
                                new Part(272, RegisterList.of(4, "pstate"))),
                        Floats.of(FLOATING_POINT, 284, 16, "v"));
            case 0x8005 ->
                new MinidumpContext(
                        new RiscV(4), List.of(new Part(8, RegisterList.of(4, RISC_V))), new Floats(0, 0, List.of()));
            case 0x8006 ->
                new MinidumpContext(
                        new RiscV(8),
                        List.of(new Part(8, RegisterList.of(8, RISC_V))),
                        Floats.of(FLOATING_POINT, 264, 8, "f"));
            default -> throw system.error("processor 0x%x of the minidump is not known", number);
        };
    }

    Registers read(ByteReader context) {
        var words = new HashMap<String, Long>();
        for (var part : parts) {
            if (part.offset() + part.list().bytes() > context.size()) {
                throw context.error(
                        "a context of %d bytes; wanted %d for %s",
                        context.size(), part.offset() + part.list().bytes(), architecture.label());
            }
            words.putAll(part.list().read(context.copy().seek(part.offset())));
        }
        return floats.read(context, architecture.floats(), RegisterList.registers(architecture, words));
    }
}
