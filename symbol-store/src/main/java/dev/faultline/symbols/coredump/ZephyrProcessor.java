package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The registers of one processor in a Zephyr coredump.
 *
 * @param words by name; those that the firmware did not save are absent
 */
record ZephyrProcessor(Architecture architecture, Map<String, Long> words) {
    private static final RegisterList CORTEX_M = RegisterList.of(4, "r0-r3 r12 lr pc xpsr sp r4-r11");
    private static final RegisterList RISC_V_TRAP_32 = RegisterList.of(4, "ra tp t0-t2 a0-a7 t3-t6 pc sp");
    private static final RegisterList RISC_V_TRAP_64 = new RegisterList(8, RISC_V_TRAP_32.names());
    private static final RegisterList RISC_V_32 =
            RegisterList.of(4, "zero ra sp gp tp t0-t2 s0 s1 a0-a7 s2-s11 t3-t6 pc");
    private static final RegisterList RISC_V_64 = new RegisterList(8, RISC_V_32.names());
    private static final RegisterList AARCH64_1 = RegisterList.of(8, "x0-x18 x30 pstate pc");
    private static final RegisterList AARCH64_2 = RegisterList.of(8, "x0-x18 x30 pstate pc x29 sp");
    private static final RegisterList AARCH64_3 = RegisterList.of(8, "x0-x28 x30 pstate pc x29 sp");
    private static final RegisterList X86_WORDS =
            RegisterList.of(4, "vector error eax ecx edx ebx esp ebp esi edi eip eflags cs");
    private static final RegisterList X86_64_WORDS =
            RegisterList.of(8, "vector error rax rcx rdx rsi rdi rsp r8-r11 rip rflags cs ss rbp rbx r12-r15");
    private static final RegisterList XTENSA_HEAD = RegisterList.of(4, "pc exccause excvaddr sar ps");
    private static final RegisterList XTENSA_WINDOW = RegisterList.of(4, "a0-a15");
    private static final RegisterList XTENSA_LOOPS = RegisterList.of(4, "lbeg lend lcount");

    /** Of the callee-saved registers a trap saves none unless the build asks for it; it leaves zeros. */
    private static final List<String> SAVED_ARM = RegisterList.of(4, "r4-r11").names();

    private static final List<String> SAVED_RISC_V =
            RegisterList.of(4, "s1-s11").names();

    /** Block A, or F: by the header's target code and the block's version. */
    static ZephyrProcessor read(int target, int version, ByteReader in, List<String> warnings) {
        return switch (target) {
            case 1 -> new ZephyrProcessor(new X86(), X86_WORDS.read(in));
            case 2 -> new ZephyrProcessor(new X86_64(), X86_64_WORDS.read(in));
            case 3 -> new ZephyrProcessor(new ArmCortexM(), withoutUnsaved(CORTEX_M.read(in), SAVED_ARM));
            case 4 -> riscV(version, in);
            case 5 -> new ZephyrProcessor(new Xtensa(), xtensa(in));
            case 6 -> aarch64(version, in);
            default -> {
                warnings.add("Target code %d of the Zephyr coredump is not known: its registers are not read"
                        .formatted(target));
                yield new ZephyrProcessor(new ArmCortexM(), Map.of());
            }
        };
    }

    FaultState fault() {
        return switch (architecture) {
            case Xtensa() ->
                new FaultState.Trap(RegisterList.value(words, "exccause"), RegisterList.value(words, "excvaddr"));
            case ArmCortexM() -> CortexMState.UNKNOWN;
            default -> new FaultState.Unrecorded();
        };
    }

    private static ZephyrProcessor riscV(int version, ByteReader in) {
        boolean wide = version == 2 || version == 4;
        var list = version <= 2 ? wide ? RISC_V_TRAP_64 : RISC_V_TRAP_32 : wide ? RISC_V_64 : RISC_V_32;
        return new ZephyrProcessor(new RiscV(list.wordBytes()), withoutUnsaved(list.read(in), SAVED_RISC_V));
    }

    private static ZephyrProcessor aarch64(int version, ByteReader in) {
        var list = switch (version) {
            case 1 -> AARCH64_1;
            case 2 -> AARCH64_2;
            default -> AARCH64_3;
        };
        return new ZephyrProcessor(new AArch64(), list.read(in));
    }

    /** soc, inner version, from version 2 on the tool chain; then words, of which the chip decides two groups. */
    private static Map<String, Long> xtensa(ByteReader in) {
        if (in.remaining() < 3) {
            return Map.of();
        }
        int soc = in.u8();
        int inner = in.u16();
        if (inner >= 2 && in.hasRemaining()) {
            in.skip(1);
        }
        boolean compare = soc != 4;
        boolean loops = soc != 1 && soc != 4;
        var words = new HashMap<>(XTENSA_HEAD.read(in));
        if (compare && in.remaining() >= 4) {
            in.skip(4); // scompare1
        }
        words.putAll(XTENSA_WINDOW.read(in));
        if (loops) {
            words.putAll(XTENSA_LOOPS.read(in));
        }
        return words;
    }

    private static Map<String, Long> withoutUnsaved(Map<String, Long> words, List<String> names) {
        boolean unsaved = names.stream().allMatch(name -> words.getOrDefault(name, 0L) == 0);
        if (!unsaved) {
            return words;
        }
        var saved = new HashMap<>(words);
        names.forEach(saved::remove);
        return saved;
    }
}
