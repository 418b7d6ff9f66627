package dev.faultline.symbols.rtos;

import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How deep a stack ever went, by the pattern that a kernel fills new stacks with.
 *
 * @param used most bytes that were in use; empty where the stack was never filled, or was not captured
 * @param overflow why it was too small, where that shows
 */
record StackUse(OptionalLong used, @Nullable String overflow) {
    static final StackUse UNKNOWN = new StackUse(OptionalLong.empty(), null);

    /** Fewer bytes with the pattern at the low end may be chance. */
    private static final int FEWEST_FILLED = 16;

    /** Longest stack that is looked through. */
    private static final int LONGEST = 1 << 20;

    /** Whether the low end of the stack still has the pattern. */
    static boolean isFilled(AddressSpace space, AddressRange stack, int pattern) {
        return stack.size() >= FEWEST_FILLED
                && untouched(space, new AddressRange(stack.start(), stack.start() + FEWEST_FILLED), pattern)
                        == FEWEST_FILLED;
    }

    /**
     * Looks at a stack.
     *
     * @param stackPointer the saved one, where the thread has one
     * @param filled whether the kernel fills stacks at all, as those of other threads show
     */
    static StackUse of(AddressSpace space, AddressRange stack, int pattern, OptionalLong stackPointer, boolean filled) {
        if (stackPointer.isPresent() && Long.compareUnsigned(stackPointer.getAsLong(), stack.start()) < 0) {
            return new StackUse(
                    OptionalLong.of(stack.size()),
                    "its stack pointer 0x%08x is below its stack".formatted(stackPointer.getAsLong()));
        }
        long untouched = untouched(space, stack, pattern);
        if (untouched >= FEWEST_FILLED) {
            return new StackUse(OptionalLong.of(stack.size() - untouched), null);
        }
        boolean bottomKept = space.memory().has(stack.start());
        if (!filled || !bottomKept) {
            return UNKNOWN;
        }
        return new StackUse(
                OptionalLong.of(stack.size() - untouched),
                untouched == 0 ? "the last bytes of its stack were written over" : null);
    }

    private static long untouched(AddressSpace space, AddressRange stack, int pattern) {
        int size = (int) Math.min(
                LONGEST, Math.min(stack.size(), space.memory().capturedUntil(stack.start()) - stack.start()));
        if (size <= 0) {
            return 0;
        }
        byte[] bytes = space.memory().bytes(stack.start(), size).orElse(new byte[0]);
        int count = 0;
        while (count < bytes.length && (bytes[count] & 0xff) == pattern) {
            count++;
        }
        return count;
    }
}
