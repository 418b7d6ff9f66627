package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** The operations of a DWARF expression (DWARF 5, 2.5), not yet evaluated; equal when their bytes are. */
public final class DwarfExpression {
    private final byte[] operations;

    public DwarfExpression(byte[] operations) {
        this.operations = operations.clone();
    }

    /** A reader of the operations in the image's byte order. */
    public ByteReader reader(ByteOrder order) {
        return ByteReader.of("DWARF expression", operations).order(order);
    }

    /** Bytes of the operations. */
    int length() {
        return operations.length;
    }

    public byte[] toBytes() {
        return operations.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DwarfExpression that && Arrays.equals(operations, that.operations);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(operations);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(" ").formatHex(operations);
    }
}
