package dev.faultline.cli.local;

import dev.faultline.symbols.index.SourceFrame;
import dev.faultline.symbols.index.SymbolIndex;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An address as linked.
 *
 * @param asked how it was asked for, with {@code 0x}: the answer repeats it, so that a script finds its question again
 * @param value 64 bits, unsigned
 */
record Address(String asked, long value) {
    /** {@code e_machine} of 32-bit ARM, whose return addresses carry the instruction set in bit 0. */
    private static final int EM_ARM = 40;

    private static final int MOST_DIGITS = 16;

    /** Hexadecimal, with or without {@code 0x}; empty for anything else. */
    static Optional<Address> parse(String text) {
        boolean prefixed = text.startsWith("0x") || text.startsWith("0X");
        String digits = prefixed ? text.substring(2) : text;
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(new Address(prefixed ? text : "0x" + text, Long.parseUnsignedLong(digits, 16)));
    }

    /** Innermost first; empty where no function is. */
    List<SourceFrame> lookUp(SymbolIndex index) {
        return index.lookup(index.machine() == EM_ARM ? value & ~1L : value);
    }
}
