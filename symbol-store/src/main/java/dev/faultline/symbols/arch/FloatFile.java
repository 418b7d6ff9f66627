package dev.faultline.symbols.arch;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The floating-point and vector registers of a processor: a run of bytes, little-endian, in which a register is a part and
 * may overlap another, as s0 and s1 of Arm are the halves of d0.
 */
public final class FloatFile {
    static final FloatFile NONE = new FloatFile(List.of(), new BitSet());

    private static final FloatFile ARM = new FloatFile(
            List.of(new FloatBank("d", 256, 32, 8, 8, 0), new FloatBank("s", 64, 32, 4, 4, 0)),
            bytes(64, 128)); // d8 to d15 (AAPCS32 6.1.2.1)
    private static final FloatFile AARCH64 = aarch64();
    private static final FloatFile X86_64 = new FloatFile(
            List.of(new FloatBank("xmm", 17, 16, 16, 16, 0), new FloatBank("st", 33, 8, 10, 10, 256)), new BitSet());
    private static final FloatFile X86 = new FloatFile(
            List.of(new FloatBank("st", 11, 8, 10, 10, 0), new FloatBank("xmm", 21, 8, 16, 16, 80)), new BitSet());
    private static final FloatFile RISCV = riscV();

    private final List<FloatBank> banks;
    private final Map<Integer, FloatRegister> byNumber = new HashMap<>();
    private final BitSet kept;

    private FloatFile(List<FloatBank> banks, BitSet kept) {
        this.banks = List.copyOf(banks);
        for (var bank : banks) {
            for (int index = 0; index < bank.count(); index++) {
                byNumber.put(bank.number() + index, bank.register(index));
            }
        }
        this.kept = kept;
    }

    /** That of a processor. */
    static FloatFile of(Architecture architecture) {
        return switch (architecture) {
            case ArmCortexM arm -> ARM;
            case Arm32 arm -> ARM;
            case AArch64 arm -> AARCH64;
            case RiscV riscV -> RISCV;
            case Xtensa xtensa -> NONE;
            case X86_64 x86 -> X86_64;
            case X86 x86 -> X86;
        };
    }

    /** AAPCS64 6.1.2: of v8 to v15 a function keeps the lower half. */
    private static FloatFile aarch64() {
        var kept = new BitSet();
        for (int register = 8; register < 16; register++) {
            kept.set(16 * register, 16 * register + 8);
        }
        return new FloatFile(List.of(new FloatBank("v", 64, 32, 16, 8, 0)), kept);
    }

    /** fs0 to fs11 are f8, f9 and f18 to f27, where the ABI passes floating-point numbers in registers at all. */
    private static FloatFile riscV() {
        var kept = bytes(8 * 8, 10 * 8);
        kept.or(bytes(18 * 8, 28 * 8));
        return new FloatFile(List.of(new FloatBank("f", 32, 32, 8, 8, 0)), kept);
    }

    private static BitSet bytes(int from, int end) {
        var set = new BitSet();
        set.set(from, end);
        return set;
    }

    /** The register that debugging information calls by that number; empty where it is none of these. */
    public Optional<FloatRegister> register(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /**
     * The register of a kind.
     *
     * @param letters such as {@code xmm}, which the processor has
     */
    public FloatRegister register(String letters, int index) {
        return banks.stream()
                .filter(bank -> bank.letters().equals(letters))
                .map(bank -> bank.register(index))
                .findFirst()
                .orElseThrow();
    }

    /** The bytes that the ABI lets a caller rely on after a call. */
    BitSet kept() {
        return (BitSet) kept.clone();
    }
}
