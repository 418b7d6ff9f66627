package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.elf.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells code that is in the image from code that the linker threw away. Linkers leave the debugging information of
 * discarded functions in the file with a tombstone for an address: 0, 1, -1 or -2. Where an image really has code at
 * address 0, only the symbol table knows which function lies there.
 */
final class LiveCode {
    private final List<AddressRange> text;
    private final ImageSymbols symbols;
    private final long highest;
    private final int machine;

    LiveCode(ElfFile elf, ImageSymbols symbols) {
        this.text = textOf(elf);
        this.symbols = symbols;
        this.machine = elf.header().machine();
        this.highest = elf.header().is64Bit() ? -1L : 0xffff_ffffL;
    }

    /** The executable ranges, ascending, adjacent ones joined. */
    List<AddressRange> text() {
        return text;
    }

    ImageSymbols symbols() {
        return symbols;
    }

    /** How much speaks for a function that debugging information puts somewhere. */
    enum Claim {
        /** It is not there. */
        NONE,
        /** Nothing speaks against it. */
        UNOPPOSED,
        /** A symbol of another name has the same place and size: an alias, or functions folded into one. */
        SAME_BYTES,
        /** A symbol of that name starts there. */
        NAMED,
        /** The symbol that stands for all that start there has that name. */
        BEST_NAMED
    }

    /** Judges one contiguous part of a function. */
    Claim claim(long start, long end, String name, @Nullable String linkageName) {
        if (!isText(start, end)) {
            return Claim.NONE;
        }
        boolean sized = false;
        boolean sameBytes = false;
        var aliases = symbols.functionsAt(start);
        for (int i = 0; i < aliases.size(); i++) {
            var symbol = aliases.get(i);
            if (isNameOf(symbol, name, linkageName)) {
                return i == 0 ? Claim.BEST_NAMED : Claim.NAMED;
            }
            sized |= symbol.size() != 0;
            sameBytes |= symbol.size() == end - start;
        }
        if (isTombstone(start)) {
            return Claim.NONE;
        }
        if (sized) {
            return sameBytes ? Claim.SAME_BYTES : Claim.NONE;
        }
        Symbol around = symbols.functionAround(start);
        return around == null || isNameOf(around, name, linkageName) ? Claim.UNOPPOSED : Claim.NONE;
    }

    /** The linker's name of the function at an address where debugging information has one that no symbol can have. */
    String linkerName(long start, String linkageName) {
        for (Symbol symbol : symbols.functionsAt(start)) {
            String name = symbol.name();
            if (name.startsWith(linkageName)) {
                return linkageName;
            }
            if (isNameOf(name, linkageName)) {
                return name.substring(0, linkageName.length());
            }
        }
        return linkageName;
    }

    /** Whether a range lies in one executable range. */
    boolean isText(long start, long end) {
        var range = textAt(start);
        return range != null
                && Long.compareUnsigned(start, end) < 0
                && Long.compareUnsigned(end - range.start(), range.size()) <= 0;
    }

    /** Whether a range begins in an executable range; lines may run on behind their function and its section. */
    boolean beginsInText(long start, long end) {
        return textAt(start) != null && Long.compareUnsigned(start, end) < 0;
    }

    /** The GNU assembler sets the Thumb bit in what it says of functions in assembly; compilers never do. */
    boolean hasThumbBit(long start) {
        return machine == Machine.EM_ARM && (start & 1) != 0;
    }

    /** Whether linkers write this address where there is none. */
    boolean isTombstone(long address) {
        return address == 0 || address == 1 || address == highest || address == highest - 1;
    }

    /** The symbol's name is the function's, but for what the compiler appends to a clone: {@code .isra.0}. */
    private static boolean isNameOf(Symbol symbol, String name, @Nullable String linkageName) {
        return isNameOf(symbol.name(), name) || (linkageName != null && isNameOf(symbol.name(), linkageName));
    }

    private static boolean isNameOf(String symbol, String name) {
        return !name.isEmpty()
                && symbol.length() >= name.length()
                && (symbol.length() == name.length() || symbol.charAt(name.length()) == '.')
                && (symbol.startsWith(name) || isVariantOf(symbol, name));
    }

    /**
     * GCC describes a constructor or destructor under a name that no symbol has (C4, D4) and emits it as complete, base or
     * both (Itanium C++ ABI, 5.1.4.3): all have the same source.
     */
    private static boolean isVariantOf(String symbol, String name) {
        int different = 0;
        while (symbol.charAt(different) == name.charAt(different)) {
            different++;
        }
        return different > 0
                && name.charAt(different) == '4'
                && (name.charAt(different - 1) == 'C' || name.charAt(different - 1) == 'D')
                && Character.isDigit(symbol.charAt(different))
                && symbol.regionMatches(different + 1, name, different + 1, name.length() - different - 1);
    }

    private @Nullable AddressRange textAt(long address) {
        int low = 0;
        int high = text.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var range = text.get(middle);
            if (range.contains(address)) {
                return range;
            }
            if (Long.compareUnsigned(address, range.start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    private static List<AddressRange> textOf(ElfFile elf) {
        var ranges = new ArrayList<AddressRange>();
        for (Section section : elf.sections()) {
            if (section.isCode()) {
                add(ranges, section.address(), section.size());
            }
        }
        if (elf.sections().isEmpty()) {
            for (Segment segment : elf.segments()) {
                if (segment.type() == Segment.PT_LOAD && (segment.flags() & Segment.PF_X) != 0) {
                    add(ranges, segment.address(), segment.memorySize());
                }
            }
        }
        ranges.sort(Comparator.comparing(AddressRange::start, Long::compareUnsigned));
        var joined = new ArrayList<AddressRange>();
        for (var range : ranges) {
            if (!joined.isEmpty()
                    && Long.compareUnsigned(range.start(), joined.getLast().end()) <= 0) {
                var before = joined.removeLast();
                long end = Long.compareUnsigned(before.end(), range.end()) < 0 ? range.end() : before.end();
                joined.add(new AddressRange(before.start(), end));
            } else {
                joined.add(range);
            }
        }
        return List.copyOf(joined);
    }

    private static void add(List<AddressRange> ranges, long start, long size) {
        // a range that wraps around the end of the address space is a broken header
        if (size != 0 && Long.compareUnsigned(start + size, start) > 0) {
            ranges.add(new AddressRange(start, start + size));
        }
    }
}
