package dev.faultline.symbols.variables;

import dev.faultline.symbols.dwarf.Entry;
import java.util.List;

/** Where a value is (DWARF 5, 2.6). */
sealed interface Location {

    record InMemory(long address) implements Location {}

    record InRegister(int register) implements Location {}

    /** The value itself, as on the stack of an expression. */
    record Computed(Operand value) implements Location {}

    /** The bytes of the value. */
    final class Bytes implements Location {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** A pointer to something that has no address: to what {@code target} is, {@code offset} bytes in. */
    record ImplicitPointer(Entry target, long offset) implements Location {}

    /** The compiler kept it nowhere. */
    record Nowhere() implements Location {}

    /** Put together out of pieces, the first at the lowest address. */
    record Composite(List<Piece> pieces) implements Location {}

    /** {@code bitSize} bits, beginning {@code bitOffset} bits into the place. */
    record Piece(Location place, long bitSize, long bitOffset) {}
}
