package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.ByteReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What the entries of one code look like (DWARF 5, 7.5.3), worked out for a walk that reads past most of them: how long
 * an entry is where that is always the same, and which attributes are worth reading where it is one of few.
 */
final class Abbreviation {
    /** An entry that says nothing about code itself; one inside may. */
    static final int PLAIN = 0;

    /** An entry with nothing about code inside. */
    static final int CLOSED = 1;

    /** A namespace or class: its name is part of the names inside. */
    static final int SCOPE = 2;

    /** The declaration of a function, or what all its instances have in common. */
    static final int ABSTRACT = 3;

    /** A function with code. */
    static final int FUNCTION = 4;

    /** An inlined call with code. */
    static final int CALL = 5;

    /** An entry of an unknown form: where it ends is not known. */
    static final int UNKNOWN = 6;

    private static final int MOST_ATTRIBUTES = 1 << 12;
    private static final int[] NO_STEPS = {};
    private static final long[] NO_CONSTANTS = {};
    private static final int[] NO_NAMES = {};

    /** Forms of different sizes, as steps of {@link #steps}. */
    static final int STEP_LEB = -1;

    static final int STEP_STRING = -2;
    static final int STEP_BLOCK = -3;
    static final int STEP_BLOCK1 = -4;
    static final int STEP_BLOCK2 = -5;
    static final int STEP_BLOCK4 = -6;
    static final int STEP_INDIRECT = -7;

    final int tag;
    final boolean children;
    final int kind;

    /** Bytes of the attributes of each entry; {@link Form#VARIABLE} where entries differ. */
    final int size;

    /** How to read past the attributes: bytes to skip, or a form of its own size. */
    final int[] steps;

    /** Where the four bytes of DW_AT_sibling are behind the code; -1 where there is none, or not at the same place. */
    final int siblingAt;

    /**
     * How to read the attributes: the form of each, and what of {@link Attributes} it is. -1 is what nobody asks for; where
     * several of those stand together and have sizes, they are one.
     */
    final int[] forms;

    final byte[] slots;

    /** Bytes of each: to skip, or of an integer of 1, 2, 4 or 8; else {@link Form#VARIABLE}. */
    final int[] sizes;

    /** Values of DW_FORM_implicit_const by attribute; empty where there are none. */
    final long[] constants;

    /** {@code DW_AT_…} of each attribute; empty in a table that only code is looked for with. */
    final int[] names;

    private Abbreviation(
            int tag,
            boolean children,
            int kind,
            int size,
            int[] steps,
            int siblingAt,
            int[] forms,
            byte[] slots,
            int[] sizes,
            long[] constants,
            int[] names) {
        this.tag = tag;
        this.children = children;
        this.kind = kind;
        this.size = size;
        this.steps = steps;
        this.siblingAt = siblingAt;
        this.forms = forms;
        this.slots = slots;
        this.sizes = sizes;
        this.constants = constants;
        this.names = names;
    }

    /** How much of the heap it takes, roughly. */
    int weight() {
        return 128 + 9 * forms.length + 4 * steps.length + 8 * constants.length + 4 * names.length;
    }

    /** Reads a declaration behind its code; one instance reads all of a table. */
    static final class Reader {
        private final Encoding encoding;
        private final AbbreviationPool pool;
        private final boolean named;
        private final byte[] declaration = new byte[AbbreviationPool.MOST_BYTES];
        private int[] names = new int[16];
        private int[] forms = new int[16];
        private long[] constants = new long[16];
        private int[] steps = new int[32];

        // what comes of them: how to read the attributes
        private int[] readForms = new int[16];
        private byte[] readSlots = new byte[16];
        private int[] readSizes = new int[16];
        private long[] readConstants = new long[16];
        private int reads;

        private boolean shared;

        /**
         * Of a table.
         *
         * @param named whether to keep which attribute each is, also of those that nobody asks for in {@link Attributes}
         */
        Reader(Encoding encoding, AbbreviationPool pool, boolean named) {
            this.encoding = encoding;
            this.pool = pool;
            this.named = named;
        }

        /** Whether the last one is also another table's. */
        boolean shared() {
            return shared;
        }

        Abbreviation read(ByteReader in) {
            long start = in.position();
            int tag = small(in);
            boolean children = in.u8() != 0;
            int count = readAttributes(in);
            int length = (int) (in.position() - start);
            shared = length <= declaration.length;
            if (!shared) {
                return make(tag, children, count);
            }
            MemorySegment.copy(in.segment(), ValueLayout.JAVA_BYTE, start, declaration, 0, length);
            var known = pool.get(declaration, length, encoding);
            if (known != null) {
                return known;
            }
            var made = make(tag, children, count);
            pool.put(declaration, length, encoding, made);
            return made;
        }

        private Abbreviation make(int tag, boolean children, int count) {
            int steps = 0;
            int size = 0;
            int siblingAt = -1;
            boolean known = true;
            boolean constant = false;
            boolean declaration = false;
            boolean code = false;
            reads = 0;
            for (int i = 0; i < count; i++) {
                int form = forms[i];
                int name = names[i];
                int slot = Attributes.slot(name);
                constant |= form == Form.IMPLICIT_CONST;
                declaration |= name == DW_AT_DECLARATION && form == Form.FLAG_PRESENT;
                code |= slot == Attributes.LOW_PC || slot == Attributes.RANGES;
                if (name == DW_AT_SIBLING && form == Form.REF4 && size >= 0) {
                    siblingAt = size;
                }
                int bytes = Form.size(form, encoding);
                addRead(form, slot, bytes, constants[i]);
                if (bytes >= 0) {
                    size = size < 0 ? size : size + bytes;
                    steps = skip(steps, bytes);
                } else if (bytes == Form.UNKNOWN) {
                    known = false;
                } else {
                    size = Form.VARIABLE;
                    steps = step(steps, form);
                }
            }
            return new Abbreviation(
                    tag,
                    children,
                    known ? kind(tag, declaration, code) : UNKNOWN,
                    size,
                    size >= 0 ? NO_STEPS : Arrays.copyOf(this.steps, steps),
                    siblingAt,
                    Arrays.copyOf(readForms, reads),
                    Arrays.copyOf(readSlots, reads),
                    Arrays.copyOf(readSizes, reads),
                    constant ? Arrays.copyOf(readConstants, reads) : NO_CONSTANTS,
                    named ? Arrays.copyOf(names, count) : NO_NAMES);
        }

        private void addRead(int form, int slot, int bytes, long constant) {
            boolean skipped = slot == Attributes.OTHER && bytes >= 0;
            if (skipped
                    && !named
                    && reads > 0
                    && readSlots[reads - 1] == Attributes.OTHER
                    && readSizes[reads - 1] >= 0) {
                readSizes[reads - 1] += bytes;
                return;
            }
            boolean integer = Form.isNumber(form) && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
            readForms[reads] = form;
            readSlots[reads] = (byte) slot;
            readSizes[reads] = skipped || integer ? bytes : Form.VARIABLE;
            readConstants[reads] = constant;
            reads++;
        }

        private int readAttributes(ByteReader in) {
            for (int count = 0; ; count++) {
                int name = small(in);
                int form = small(in);
                long constant = form == Form.IMPLICIT_CONST ? in.sleb() : 0;
                if (name == 0 && form == 0) {
                    return count;
                }
                if (count == MOST_ATTRIBUTES) {
                    throw in.error("more than %d attributes", MOST_ATTRIBUTES);
                }
                if (count == names.length) {
                    names = Arrays.copyOf(names, 2 * count);
                    forms = Arrays.copyOf(forms, 2 * count);
                    constants = Arrays.copyOf(constants, 2 * count);
                    steps = new int[4 * count];
                    readForms = new int[2 * count];
                    readSlots = new byte[2 * count];
                    readSizes = new int[2 * count];
                    readConstants = new long[2 * count];
                }
                names[count] = name;
                forms[count] = form;
                constants[count] = constant;
            }
        }

        private static int small(ByteReader in) {
            long value = in.uleb();
            if (value < 0 || value > 0xffff) {
                throw in.error("tag, attribute or form 0x%x", value);
            }
            return (int) value;
        }

        private int skip(int count, int bytes) {
            if (count > 0 && steps[count - 1] >= 0) {
                steps[count - 1] += bytes;
                return count;
            }
            steps[count] = bytes;
            return count + 1;
        }

        private int step(int count, int form) {
            steps[count] = switch (form) {
                case Form.STRING -> STEP_STRING;
                case Form.BLOCK, Form.EXPRLOC -> STEP_BLOCK;
                case Form.BLOCK1 -> STEP_BLOCK1;
                case Form.BLOCK2 -> STEP_BLOCK2;
                case Form.BLOCK4 -> STEP_BLOCK4;
                case Form.INDIRECT -> STEP_INDIRECT;
                default -> STEP_LEB;
            };
            return form == Form.LLVM_ADDRX_OFFSET ? skip(count + 1, Integer.BYTES) : count + 1;
        }

        private static int kind(int tag, boolean declaration, boolean code) {
            return switch (tag) {
                case DW_TAG_SUBPROGRAM -> code && !declaration ? FUNCTION : declaration ? CLOSED : ABSTRACT;
                case DW_TAG_INLINED_SUBROUTINE -> code ? CALL : PLAIN;
                case DW_TAG_NAMESPACE,
                        DW_TAG_MODULE,
                        DW_TAG_CLASS_TYPE,
                        DW_TAG_STRUCTURE_TYPE,
                        DW_TAG_UNION_TYPE,
                        DW_TAG_INTERFACE_TYPE -> SCOPE;
                case DW_TAG_ARRAY_TYPE,
                        DW_TAG_ENUMERATION_TYPE,
                        DW_TAG_FORMAL_PARAMETER,
                        DW_TAG_MEMBER,
                        DW_TAG_SUBROUTINE_TYPE,
                        DW_TAG_VARIABLE,
                        DW_TAG_CALL_SITE,
                        DW_TAG_GNU_CALL_SITE,
                        DW_TAG_GNU_TEMPLATE_PARAMETER_PACK,
                        DW_TAG_GNU_FORMAL_PARAMETER_PACK -> CLOSED;
                default -> PLAIN;
            };
        }
    }
}
