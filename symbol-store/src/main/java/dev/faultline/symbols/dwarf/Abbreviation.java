package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
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

    static final int DW_TAG_ARRAY_TYPE = 0x01;
    static final int DW_TAG_CLASS_TYPE = 0x02;
    static final int DW_TAG_ENUMERATION_TYPE = 0x04;
    static final int DW_TAG_FORMAL_PARAMETER = 0x05;
    static final int DW_TAG_MEMBER = 0x0d;
    static final int DW_TAG_STRUCTURE_TYPE = 0x13;
    static final int DW_TAG_SUBROUTINE_TYPE = 0x15;
    static final int DW_TAG_UNION_TYPE = 0x17;
    static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;
    static final int DW_TAG_MODULE = 0x1e;
    static final int DW_TAG_SUBPROGRAM = 0x2e;
    static final int DW_TAG_VARIABLE = 0x34;
    static final int DW_TAG_INTERFACE_TYPE = 0x38;
    static final int DW_TAG_NAMESPACE = 0x39;
    static final int DW_TAG_PARTIAL_UNIT = 0x3c;
    static final int DW_TAG_CALL_SITE = 0x48;
    static final int DW_TAG_GNU_TEMPLATE_PARAMETER_PACK = 0x4107;
    static final int DW_TAG_GNU_FORMAL_PARAMETER_PACK = 0x4108;
    static final int DW_TAG_GNU_CALL_SITE = 0x4109;

    private static final int DW_AT_SIBLING = 0x01;
    private static final int DW_AT_DECLARATION = 0x3c;
    private static final int MOST_ATTRIBUTES = 1 << 12;

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

    /** The form of each attribute, and what of {@link Attributes} it is: -1 for what nobody asks for. */
    final int[] forms;

    final byte[] slots;

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
        this.constants = constants;
        this.names = names;
    }

    /** How much of the heap it takes, roughly. */
    int weight() {
        return 96 + 5 * forms.length + 4 * steps.length + 8 * constants.length + 4 * names.length;
    }

    /** Reads a declaration behind its code; one instance reads all of a table. */
    static final class Reader {
        private final Encoding encoding;
        private final boolean named;
        private int[] names = new int[16];
        private int[] forms = new int[16];
        private long[] constants = new long[16];
        private int[] steps = new int[32];

        /** Of a table; {@code named} says whether to keep which attribute each is */
        Reader(Encoding encoding, boolean named) {
            this.encoding = encoding;
            this.named = named;
        }

        Abbreviation read(ByteReader in) {
            int tag = small(in);
            boolean children = in.u8() != 0;
            int count = readAttributes(in);
            int steps = 0;
            int size = 0;
            int siblingAt = -1;
            boolean known = true;
            boolean constant = false;
            boolean declaration = false;
            boolean code = false;
            byte[] slots = new byte[count];
            for (int i = 0; i < count; i++) {
                int form = forms[i];
                int name = names[i];
                slots[i] = (byte) Attributes.slot(name);
                constant |= form == Form.IMPLICIT_CONST;
                declaration |= name == DW_AT_DECLARATION && form == Form.FLAG_PRESENT;
                code |= slots[i] == Attributes.LOW_PC || slots[i] == Attributes.RANGES;
                if (name == DW_AT_SIBLING && form == Form.REF4 && size >= 0) {
                    siblingAt = size;
                }
                int bytes = Form.size(form, encoding);
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
                    size >= 0 ? new int[0] : Arrays.copyOf(this.steps, steps),
                    siblingAt,
                    Arrays.copyOf(forms, count),
                    slots,
                    constant ? Arrays.copyOf(constants, count) : new long[0],
                    named ? Arrays.copyOf(names, count) : new int[0]);
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
