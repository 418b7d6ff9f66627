package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The attributes of one entry that symbolication asks for, as they stand in the file: form and number. One object is
 * filled anew for each entry.
 */
final class Attributes {
    static final int NAME = 0;
    static final int LINKAGE_NAME = 1;
    static final int LOW_PC = 2;
    static final int HIGH_PC = 3;
    static final int RANGES = 4;
    static final int ABSTRACT_ORIGIN = 5;
    static final int SPECIFICATION = 6;
    static final int CALL_FILE = 7;
    static final int CALL_LINE = 8;
    static final int CALL_COLUMN = 9;
    static final int SIGNATURE = 10;
    static final int STATEMENT_LIST = 11;
    static final int DIRECTORY = 12;
    static final int PRODUCER = 13;
    static final int LANGUAGE = 14;
    static final int STRING_OFFSETS_BASE = 15;
    static final int ADDRESS_BASE = 16;
    static final int RANGE_LISTS_BASE = 17;
    static final int GNU_RANGES_BASE = 18;
    static final int DWO_NAME = 19;
    static final int DWO_ID = 20;
    static final int DECLARATION_LINE = 21;
    private static final int COUNT = 22;

    static final int MOST_INDIRECTIONS = 4;
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What nobody asks for. */
    static final int OTHER = -1;

    private final int[] forms = new int[COUNT];
    private final long[] numbers = new long[COUNT];
    private long constant;
    private int form;

    /** Which of them an attribute is (DWARF 5, table 7.5); -1 for the others. */
    static int slot(int name) {
        return switch (name) {
            case 0x03 -> NAME;
            case 0x10 -> STATEMENT_LIST;
            case 0x11 -> LOW_PC;
            case 0x12 -> HIGH_PC;
            case 0x13 -> LANGUAGE;
            case 0x1b -> DIRECTORY;
            case 0x25 -> PRODUCER;
            case 0x31 -> ABSTRACT_ORIGIN;
            case 0x3b -> DECLARATION_LINE;
            case 0x47 -> SPECIFICATION;
            case 0x55 -> RANGES;
            case 0x57 -> CALL_COLUMN;
            case 0x58 -> CALL_FILE;
            case 0x59 -> CALL_LINE;
            case 0x69 -> SIGNATURE;
            case 0x6e, 0x2007 -> LINKAGE_NAME; // DW_AT_linkage_name, DW_AT_MIPS_linkage_name
            case 0x72 -> STRING_OFFSETS_BASE;
            case 0x73, 0x2133 -> ADDRESS_BASE; // DW_AT_addr_base, DW_AT_GNU_addr_base
            case 0x74 -> RANGE_LISTS_BASE;
            case 0x76, 0x2130 -> DWO_NAME; // DW_AT_dwo_name, DW_AT_GNU_dwo_name
            case 0x2131 -> DWO_ID; // DW_AT_GNU_dwo_id
            case 0x2132 -> GNU_RANGES_BASE;
            default -> OTHER;
        };
    }

    /** Reads the attributes of an entry, the reader behind its code; it ends behind the entry. */
    void read(Abbreviation abbreviation, ByteReader in, Encoding encoding) {
        Arrays.fill(forms, 0);
        int[] declared = abbreviation.forms;
        byte[] slots = abbreviation.slots;
        int[] sizes = abbreviation.sizes;
        long[] constants = abbreviation.constants;
        MemorySegment bytes = in.segment();
        boolean little = in.order() == ByteOrder.LITTLE_ENDIAN;
        long lastWord = bytes.byteSize() - Long.BYTES;
        for (int i = 0; i < declared.length; i++) {
            int slot = slots[i];
            int size = sizes[i];
            if (slot == OTHER) {
                if (size >= 0) {
                    in.skip(size);
                } else {
                    skip(declared[i], in, encoding);
                }
                continue;
            }
            form = declared[i];
            long number;
            long at = in.position();
            if (size > 0 && at <= lastWord) {
                // without a branch on the form, which no processor could guess: a word, and of it what the form has
                int unused = Long.SIZE - size * Byte.SIZE;
                number = little ? bytes.get(LITTLE, at) & (-1L >>> unused) : bytes.get(BIG, at) >>> unused;
                in.seek(at + size);
            } else {
                constant = constants.length == 0 ? 0 : constants[i];
                number = number(in, encoding, 0);
            }
            // of several attributes of one kind the first counts: DW_AT_linkage_name beside DW_AT_MIPS_linkage_name
            if (forms[slot] == 0) {
                forms[slot] = form;
                numbers[slot] = number;
            }
        }
    }

    /** Whether the entry has it, in a form that can say it. */
    boolean has(int slot) {
        return forms[slot] != 0;
    }

    int form(int slot) {
        return forms[slot];
    }

    /** The number; for DW_FORM_string the place of the text. */
    long number(int slot) {
        return numbers[slot];
    }

    /** The number, or another where the entry has none. */
    long number(int slot, long otherwise) {
        return forms[slot] == 0 ? otherwise : numbers[slot];
    }

    private static void skip(int form, ByteReader in, Encoding encoding) {
        int size = Form.size(form, encoding);
        if (size >= 0) {
            in.skip(size);
        } else if (form == Form.INDIRECT) {
            skip(indirect(in), in, encoding, 1);
        } else {
            Form.skip(in, form, encoding);
        }
    }

    private static void skip(int form, ByteReader in, Encoding encoding, int indirections) {
        if (form != Form.INDIRECT) {
            Form.skip(in, form, encoding);
            return;
        }
        checkIndirections(in, indirections);
        skip(indirect(in), in, encoding, indirections + 1);
    }

    /** Reads past a value whose form stands before it (DWARF 5, 7.5.3). */
    static void skipIndirect(ByteReader in, Encoding encoding) {
        skip(indirect(in), in, encoding, 1);
    }

    private long number(ByteReader in, Encoding encoding, int indirections) {
        return switch (form) {
            case Form.STRING -> {
                long at = in.position();
                Form.skipString(in);
                yield at;
            }
            case Form.IMPLICIT_CONST -> constant;
            case Form.LLVM_ADDRX_OFFSET -> {
                long index = in.uleb();
                if (index < 0 || index > Integer.MAX_VALUE) {
                    throw in.error("address of index 0x%x", index);
                }
                yield index << Integer.SIZE | in.u32();
            }
            case Form.INDIRECT -> {
                checkIndirections(in, indirections);
                form = indirect(in);
                yield number(in, encoding, indirections + 1);
            }
            case Form.BLOCK, Form.BLOCK1, Form.BLOCK2, Form.BLOCK4, Form.EXPRLOC, Form.DATA16 -> {
                Form.skip(in, form, encoding);
                form = 0;
                yield 0;
            }
            default -> Form.number(in, form, encoding);
        };
    }

    private static void checkIndirections(ByteReader in, int indirections) {
        if (indirections == MOST_INDIRECTIONS) {
            throw in.error("DW_FORM_indirect more than %d deep", MOST_INDIRECTIONS);
        }
    }

    static int indirect(ByteReader in) {
        long form = in.uleb();
        // the constant of DW_FORM_implicit_const stands with the abbreviation, which here there is none of
        if (form == Form.IMPLICIT_CONST || form < 0 || form > 0xffff) {
            throw in.error("DW_FORM_indirect of DW_FORM 0x%x", form);
        }
        return (int) form;
    }
}
