package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.MemoryOperand;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ThumbOperand;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;
import java.util.OptionalLong;

/** Which register held the bad address of a load or store, and what was in it: read off the instruction itself. */
final class FaultingAccess {

    private FaultingAccess() {}

    /** Empty for an instruction that reaches no memory, that was not captured, or whose registers are not known. */
    static Optional<String> ofThumb(AddressSpace space, Registers registers) {
        var pc = registers.get(ArmCortexM.PC);
        var first = pc.isPresent() ? space.unsigned(pc.getAsLong() & ~1L, 2) : OptionalLong.empty();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int second = (int) space.unsigned((pc.getAsLong() & ~1L) + 2, 2).orElse(0);
        return ThumbOperand.of((int) first.getAsLong(), second)
                .filter(operand -> operand.base() != ArmCortexM.PC)
                .flatMap(operand -> words(operand, space, registers));
    }

    private static Optional<String> words(MemoryOperand operand, AddressSpace space, Registers registers) {
        var base = registers.get(operand.base());
        if (base.isEmpty()) {
            return Optional.empty();
        }
        var names = space.architecture().registerNames();
        long address = base.getAsLong() + operand.offset();
        var added = "";
        if (operand.index().isPresent()) {
            int register = operand.index().getAsInt();
            var index = registers.get(register);
            if (index.isEmpty()) {
                return Optional.empty();
            }
            address += index.getAsLong() << operand.shift();
            added = " plus %s (%s)%s"
                    .formatted(
                            names.get(register),
                            hex(index.getAsLong()),
                            operand.shift() == 0 ? "" : " times " + (1 << operand.shift()));
        } else if (operand.offset() != 0) {
            added = (operand.offset() > 0 ? " plus " : " minus ") + Math.abs(operand.offset());
        }
        var held = base.getAsLong() == 0 ? "null" : hex(base.getAsLong());
        return Optional.of("%s %d %s %s %s through %s: %s%s"
                .formatted(
                        operand.store() ? "wrote" : "read",
                        operand.bytes(),
                        operand.bytes() == 1 ? "byte" : "bytes",
                        operand.store() ? "to" : "from",
                        hex(address),
                        names.get(operand.base()),
                        held,
                        added));
    }

    private static String hex(long value) {
        return "0x%08x".formatted(value & 0xffff_ffffL);
    }
}
