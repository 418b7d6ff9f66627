package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.ExceptionReturn;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Registers that a kernel saved on a thread's stack of a Cortex-M: an exception frame of the processor, and below it what
 * the kernel pushed, which differs by kernel and core. The saved EXC_RETURN tells most of them apart.
 */
final class CortexMContext {
    private static final long CPUID = 0xe000_ed00L;
    private static final int BASIC_FRAME = 0x20;
    private static final int EXTENDED_FRAME = 0x68;
    private static final int UPPER_FLOATS = 64;
    private static final int PAC_KEYS = 16;
    private static final int SECURE_CONTEXT = 4;
    private static final long THUMB = 1 << 24;

    private final AddressSpace space;

    CortexMContext(AddressSpace space) {
        this.space = space;
    }

    /** Whether a word can be an EXC_RETURN that leads to a thread on its own stack. */
    private static boolean isExceptionReturn(OptionalLong word) {
        return word.isPresent() && (word.getAsLong() & 0xffff_ff80L) == 0xffff_ff80L && (word.getAsLong() & 0xc) == 0xc;
    }

    private static boolean hasFloats(OptionalLong exceptionReturn) {
        return exceptionReturn.isPresent() && (exceptionReturn.getAsLong() & 0x10) == 0;
    }

    /**
     * What FreeRTOS saved at {@code top}, whatever port it is.
     *
     * @param stackStart the low end of the thread's stack
     * @param controlBlock its memory: ports with MPU save there
     */
    Optional<Registers> ofFreeRtos(long top, long stackStart, AddressRange controlBlock) {
        if (controlBlock.contains(top - 1)) {
            return inControlBlock(top, stackStart);
        }
        var first = space.word(top);
        if (isExceptionReturn(first)) { // ARMv6-M since 11.2
            return frame(top + 0x24, false, top + 4);
        }
        var ninth = space.word(top + 0x20);
        if (isExceptionReturn(ninth)) { // Cortex-M4F, M7
            boolean floats = hasFloats(ninth);
            return frame(top + 0x24 + (floats ? UPPER_FLOATS : 0), floats, top)
                    .map(registers -> floats ? withFloats(registers, 16, top + 0x24) : registers);
        }
        for (int keys : new int[] {0, PAC_KEYS}) { // ARMv8-M: [PAC keys] [secure context] PSPLIM, EXC_RETURN
            for (int secure : new int[] {0, SECURE_CONTEXT}) {
                long limitAt = top + keys + secure;
                var limit = space.word(limitAt);
                var exceptionReturn = space.word(limitAt + 4);
                if (isExceptionReturn(exceptionReturn) && limit.isPresent() && isLimit(limit.getAsLong(), stackStart)) {
                    return armV8(limitAt + 8, exceptionReturn.getAsLong(), secure != 0);
                }
            }
        }
        return frame(top + 0x20, false, top); // Cortex-M3, M0: no EXC_RETURN, so the frame is basic
    }

    private static boolean isLimit(long limit, long stackStart) {
        return limit >= stackStart && limit < stackStart + 64;
    }

    /** A port with TrustZone leaves r4 … r11 to the secure side, where that has the frame. */
    private Optional<Registers> armV8(long registers, long exceptionReturn, boolean trustZone) {
        boolean floats = (exceptionReturn & 0x10) == 0;
        if (trustZone && (exceptionReturn & 0x40) != 0) {
            return frame(registers, floats, 0);
        }
        return frame(registers + 0x20 + (floats ? UPPER_FLOATS : 0), floats, registers)
                .map(saved -> floats ? withFloats(saved, 16, registers + 0x20) : saved);
    }

    /** Ports with MPU copy the context into the control block; {@code top} is the address behind it. */
    private Optional<Registers> inControlBlock(long top, long stackStart) {
        for (int pac : new int[] {0, PAC_KEYS}) {
            long end = top - pac;
            var exceptionReturn = space.word(end - 4);
            if (!isExceptionReturn(exceptionReturn)) {
                continue;
            }
            var twelfth = space.word(end - 12);
            boolean limited = twelfth.isPresent() && isLimit(twelfth.getAsLong(), stackStart);
            long pointerAt = limited ? end - 16 : end - 12;
            var pointer = space.word(pointerAt);
            if (pointer.isEmpty()) {
                return Optional.empty();
            }
            int frame = hasFloats(exceptionReturn) ? EXTENDED_FRAME : BASIC_FRAME;
            for (int secure :
                    new int[] {0, SECURE_CONTEXT}) { // the secure context stands before PSP where TrustZone is in use
                long frameCopy = pointerAt - secure - BASIC_FRAME;
                var registers = registers(frameCopy, pointer.getAsLong() + frame, frameCopy - 0x20);
                if (registers.isPresent()) {
                    return registers;
                }
            }
        }
        return Optional.empty();
    }

    /** What ThreadX saved at its stack pointer. */
    Optional<Registers> ofThreadX(long top) {
        var first = space.word(top);
        if (!isExceptionReturn(first)) { // 5.x keeps none
            return frame(top + 0x20, false, top);
        }
        boolean floats = hasFloats(first);
        if (isSmallCore()) { // r8 … r11, then r4 … r7
            return frame(top + 0x24, false, top + 0x14).map(registers -> swapped(registers, top));
        }
        long registers = top + 4 + (floats ? UPPER_FLOATS : 0);
        return frame(registers + 0x20, floats, registers).map(saved -> floats ? withFloats(saved, 16, top + 4) : saved);
    }

    /** Cortex-M0, M0+, M1 and M23 store multiple registers only from r0 to r7. */
    private boolean isSmallCore() {
        var id = space.unsigned(CPUID, 4);
        if (id.isEmpty()) {
            return false;
        }
        long part = id.getAsLong() >>> 4 & 0xfff;
        return part == 0xc20 || part == 0xc60 || part == 0xc21 || part == 0xd20;
    }

    private Registers swapped(Registers registers, long top) {
        var result = registers;
        for (int i = 0; i < 4; i++) {
            var upper = space.word(top + 4 + 4L * i);
            result = upper.isPresent() ? result.with(8 + i, upper.getAsLong()) : result.without(8 + i);
        }
        return result;
    }

    /**
     * A frame that the processor pushed, its SP the one before it.
     *
     * @param calleeSaved where r4 … r11 are; 0: nobody saved them in memory that we can see
     */
    Optional<Registers> frame(long address, boolean floats, long calleeSaved) {
        return registers(address, address + (floats ? EXTENDED_FRAME : BASIC_FRAME), calleeSaved)
                .map(registers -> floats ? withFloats(registers, 0, address + BASIC_FRAME) : registers);
    }

    /** With sixteen of s0 … s31; a kernel that saved the upper ones made the processor save the lower ones before. */
    private Registers withFloats(Registers registers, int first, long address) {
        var saved = space.bytes(address, UPPER_FLOATS);
        return saved.isPresent()
                ? registers.with(space.architecture().floats().register("s", first), saved.get())
                : registers;
    }

    private Optional<Registers> registers(long frame, long stackPointer, long calleeSaved) {
        var architecture = space.architecture();
        var registers = Registers.none(architecture);
        @Nullable Long status = null;
        for (int i = 0; i < ExceptionReturn.STACKED.size(); i++) {
            var word = space.word(frame + 4L * i);
            if (word.isEmpty()) {
                return Optional.empty();
            }
            registers = registers.with(ExceptionReturn.STACKED.get(i), word.getAsLong());
            status = word.getAsLong();
        }
        long pc = registers.get(ArmCortexM.PC).orElse(0);
        if (status == null || (status & THUMB) == 0 || !SavedContext.mayResumeAt(space, pc)) {
            return Optional.empty(); // no thread resumes there: the context was written over
        }
        for (int i = 0; calleeSaved != 0 && i < 8; i++) {
            var word = space.word(calleeSaved + 4L * i);
            if (word.isPresent()) {
                registers = registers.with(4 + i, word.getAsLong());
            }
        }
        long aligned = (status & ArmCortexM.XPSR_ALIGNED) != 0 ? 4 : 0;
        return Optional.of(registers.with(ArmCortexM.SP, stackPointer + aligned));
    }
}
