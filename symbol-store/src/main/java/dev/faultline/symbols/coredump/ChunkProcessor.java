package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.elf.Machine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the register blocks of a chunk-protocol coredump say, one for each processor core.
 *
 * @param saved save areas of register windows that were still in the processor
 */
record ChunkProcessor(
        Architecture architecture, List<DumpThread> threads, FaultState fault, List<Memory.Region> saved) {

    /** The subtype of {@code EM_ARM} for the A and R profiles. */
    private static final long SUBTYPE_A_R = 1;

    /** The subtype of {@code EM_XTENSA} for the LX106, which has no register windows. */
    private static final long SUBTYPE_LX106 = 1;

    private static final RegisterList CORTEX_M = RegisterList.of(4, "r0-r12 sp lr pc xpsr msp psp primask control");
    private static final RegisterList ARM = RegisterList.of(4, "r0-r12 sp lr pc cpsr");
    private static final RegisterList AARCH64 = RegisterList.of(8, "sp pc pstate x0-x30");
    private static final RegisterList RISC_V =
            RegisterList.of(4, "pc ra sp gp tp t0-t6 s0-s11 a0-a7 mstatus mtvec mcause mtval mhartid");
    private static final Set<String> UNSAVED = Set.copyOf(
            RegisterList.of(4, "gp tp s1-s11 mtvec mcause mtval mhartid").names());
    private static final RegisterList XTENSA_WINDOW =
            RegisterList.of(4, "collection pc ps a0-a15 sar lbeg lend lcount exccause excvaddr");
    private static final RegisterList XTENSA_FILE =
            RegisterList.of(4, "collection pc ps ar0-ar63 sar lbeg lend lcount windowbase windowstart");
    private static final RegisterList X86_NO_EBP = RegisterList.of(4, "eip cs eflags esp ss eax ebx ecx edx edi esi");

    static ChunkProcessor of(OptionalLong machine, List<ByteReader> blocks, List<String> warnings) {
        var architecture = architecture(machine, warnings);
        if (architecture == null) {
            return new ChunkProcessor(new ArmCortexM(), List.of(), new FaultState.Unrecorded(), List.of());
        }
        var saved = new ArrayList<Memory.Region>();
        var threads = new ArrayList<DumpThread>();
        FaultState fault = new FaultState.Unrecorded();
        for (int core = 0; core < blocks.size(); core++) {
            var words = words(architecture, blocks.get(core), saved, warnings);
            if (words.isEmpty()) {
                continue;
            }
            boolean crashed = threads.isEmpty();
            if (crashed) {
                fault = fault(architecture, words);
            }
            threads.add(new DumpThread(core, null, crashed, RegisterList.registers(architecture, words), null));
        }
        if (threads.size() > 1) {
            warnings.add(
                    "The coredump does not say which of its %d processor cores crashed: core %d, the first, is taken"
                            .formatted(blocks.size(), threads.getFirst().id()));
        }
        return new ChunkProcessor(architecture, List.copyOf(threads), fault, List.copyOf(saved));
    }

    private static @Nullable Architecture architecture(OptionalLong machine, List<String> warnings) {
        if (machine.isEmpty()) {
            return new ArmCortexM(); // files from before the machine had a block
        }
        int number = (int) machine.getAsLong() & 0xffff;
        long subtype = machine.getAsLong() >>> 16;
        switch (number) {
            case Machine.EM_ARM -> {
                return subtype == SUBTYPE_A_R ? new Arm32() : new ArmCortexM();
            }
            case Machine.EM_AARCH64 -> {
                warnings.add("The format keeps 32 bits of an address: memory above 4 GB is not where it was");
                return new AArch64();
            }
            case Machine.EM_RISCV -> {
                return new RiscV(4);
            }
            case Machine.EM_386 -> {
                return new X86();
            }
            case Machine.EM_XTENSA -> {
                if (subtype != SUBTYPE_LX106) {
                    return new Xtensa();
                }
            }
            default -> {}
        }
        warnings.add("The machine 0x%x (%s) is not known: its registers are not read"
                .formatted(machine.getAsLong(), Machine.name(number)));
        return null;
    }

    /** The registers of one core by name; none of a core that was not captured. */
    private static Map<String, Long> words(
            Architecture architecture, ByteReader in, List<Memory.Region> saved, List<String> warnings) {
        var list = switch (architecture) {
            case ArmCortexM() -> CORTEX_M;
            case Arm32() -> ARM;
            case AArch64 any -> AARCH64;
            case RiscV any -> RISC_V;
            case Xtensa() -> in.size() >= XTENSA_FILE.bytes() ? XTENSA_FILE : XTENSA_WINDOW;
            case X86() -> X86_NO_EBP;
            case X86_64() -> throw in.error("x86-64 has no layout in this format");
        };
        var words = list.read(in);
        boolean wanted = architecture instanceof ArmCortexM
                ? in.size() == 76 || in.size() == list.bytes()
                : in.size() == list.bytes();
        if (!wanted) {
            warnings.add("A register block of %d bytes; wanted %d for %s: what is there is read"
                    .formatted(in.size(), list.bytes(), architecture.label()));
        }
        if (architecture instanceof RiscV) {
            return withoutUnset(words);
        }
        if (!(architecture instanceof Xtensa)) {
            return words;
        }
        boolean captured =
                words.entrySet().stream().anyMatch(word -> !word.getKey().equals("collection") && word.getValue() != 0);
        if (!captured) {
            return Map.of();
        }
        return list.equals(XTENSA_FILE) ? turned(words, saved) : words;
    }

    /** Ports that save only what their trap entry saved leave the rest zero, gp among them, which never is. */
    private static Map<String, Long> withoutUnset(Map<String, Long> words) {
        if (words.getOrDefault("gp", 0L) != 0 || words.getOrDefault("s1", 0L) != 0) {
            return words;
        }
        var set = new HashMap<>(words);
        set.entrySet().removeIf(word -> word.getValue() == 0 && UNSAVED.contains(word.getKey()));
        return set;
    }

    private static Map<String, Long> turned(Map<String, Long> words, List<Memory.Region> saved) {
        long[] file = new long[64];
        for (int i = 0; i < file.length; i++) {
            file[i] = words.getOrDefault("ar" + i, 0L);
        }
        var windows =
                XtensaWindows.of(file, words.getOrDefault("windowbase", 0L), words.getOrDefault("windowstart", 0L));
        saved.addAll(windows.saved());
        var turned = new HashMap<>(words);
        turned.putAll(windows.window());
        return turned;
    }

    private static FaultState fault(Architecture architecture, Map<String, Long> words) {
        return switch (architecture) {
            case ArmCortexM() ->
                new CortexMState(
                        RegisterList.value(words, "msp"),
                        RegisterList.value(words, "psp"),
                        RegisterList.value(words, "control"),
                        OptionalLong.empty(),
                        false);
            case RiscV any ->
                new FaultState.Trap(RegisterList.value(words, "mcause"), RegisterList.value(words, "mtval"));
            case Xtensa() ->
                new FaultState.Trap(RegisterList.value(words, "exccause"), RegisterList.value(words, "excvaddr"));
            case Arm32 _, AArch64 _, X86 _, X86_64 _ -> new FaultState.Unrecorded();
        };
    }
}
