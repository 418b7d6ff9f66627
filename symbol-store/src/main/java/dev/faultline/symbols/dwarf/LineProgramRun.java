package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Runs line number programs (DWARF 5, 6.2.5). A sequence ends at DW_LNE_end_sequence and also where DW_LNE_set_address
 * goes backwards or to no address at all: linkers leave the rows of discarded code at such ones, and swallowing what
 * follows them would fuse dead code with live.
 */
final class LineProgramRun {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final int OPCODES = 256;

    private static final int DW_LNS_COPY = 1;
    private static final int DW_LNS_ADVANCE_PC = 2;
    private static final int DW_LNS_ADVANCE_LINE = 3;
    private static final int DW_LNS_SET_FILE = 4;
    private static final int DW_LNS_SET_COLUMN = 5;
    private static final int DW_LNS_NEGATE_STMT = 6;
    private static final int DW_LNS_SET_BASIC_BLOCK = 7;
    private static final int DW_LNS_CONST_ADD_PC = 8;
    private static final int DW_LNS_FIXED_ADVANCE_PC = 9;
    private static final int DW_LNS_SET_PROLOGUE_END = 10;
    private static final int DW_LNS_SET_EPILOGUE_BEGIN = 11;
    private static final int DW_LNS_SET_ISA = 12;
    private static final int DW_LNE_END_SEQUENCE = 1;
    private static final int DW_LNE_SET_ADDRESS = 2;
    private static final int DW_LNE_DEFINE_FILE = 3;

    private final DebugInfo debugInfo;
    private final Limits limits;

    private Encoding encoding = new Encoding(5, Integer.BYTES, Long.BYTES);
    private int minimumInstructionLength;
    private int maximumOperations;
    private int lineBase;
    private int lineRange;
    private int opcodeBase;
    private final int[] operands = new int[OPCODES];

    /** What the special opcodes add: dividing for each row would take most of the time. */
    private final int[] operationAdvances = new int[OPCODES];

    private final int[] lineAdvances = new int[OPCODES];

    // registers; those of every opcode are locals of the loop
    private long address;
    private long operationIndex;
    private boolean discarded;

    LineProgramRun(DebugInfo debugInfo, Limits limits) {
        this.debugInfo = debugInfo;
        this.limits = limits;
    }

    /** Reads the fields of a header that the program depends on. */
    void readHeader(ByteReader in, Encoding encoding) {
        this.encoding = encoding;
        minimumInstructionLength = in.u8();
        maximumOperations = encoding.version() >= 4 ? Math.max(1, in.u8()) : 1;
        in.skip(1); // default_is_stmt: a debugger's breakpoints want it, an answer does not
        lineBase = in.i8();
        lineRange = in.u8();
        opcodeBase = in.u8();
        if (lineRange == 0 || opcodeBase == 0) {
            throw in.error("line_range %d, opcode_base %d", lineRange, opcodeBase);
        }
        for (int i = 1; i < opcodeBase; i++) {
            operands[i] = in.u8();
        }
        for (int opcode = opcodeBase; opcode < OPCODES; opcode++) {
            operationAdvances[opcode] = (opcode - opcodeBase) / lineRange;
            lineAdvances[opcode] = lineBase + (opcode - opcodeBase) % lineRange;
        }
    }

    /**
     * Runs the program from where the reader is.
     *
     * @throws FormatException when it is damaged; the rows before that are kept
     */
    void run(ByteReader in, Unit unit, long tableAt, LineRows rows) {
        long rowsLeft = debugInfo.lineRows().left();
        long rowsSpent = 0;
        try {
            rowsSpent = opcodes(in, unit, tableAt, rows, rowsLeft);
        } catch (FormatException e) {
            rowsSpent = Math.min(in.size(), rowsLeft);
            throw e;
        } finally {
            debugInfo.lineRows().spend(rowsSpent);
            // rows without an end of their sequence say where code begins and not where it ends
            if (rows.isOpen()) {
                rows.endSequence(rows.lastAddress());
            }
        }
    }

    private long opcodes(ByteReader in, Unit unit, long tableAt, LineRows rows, long rowsLeft) {
        MemorySegment bytes = in.segment();
        var files = rows.files();
        long end = bytes.byteSize();
        long at = in.position();
        long count = 0;
        long line = 1;
        int column = 0;
        int file = files.number(1);
        reset();
        while (at < end) {
            int opcode = bytes.get(BYTE, at++) & 0xff;
            if (opcode >= opcodeBase) {
                advance(operationAdvances[opcode]);
                line += lineAdvances[opcode];
                if (++count > rowsLeft) {
                    throw debugInfo.lineRows().exceeded(in.seek(at));
                }
                row(rows, file, line, column);
                continue;
            }
            // one byte is what nearly every operand has
            long operand = 0;
            if (opcode >= DW_LNS_ADVANCE_PC && opcode <= DW_LNS_SET_COLUMN) {
                int first = at < end ? bytes.get(BYTE, at) : -1;
                if (first >= 0) {
                    at++;
                    operand = opcode == DW_LNS_ADVANCE_LINE ? (first << 25) >> 25 : first;
                } else {
                    operand = opcode == DW_LNS_ADVANCE_LINE
                            ? in.seek(at).sleb()
                            : in.seek(at).uleb();
                    at = in.position();
                }
            }
            switch (opcode) {
                case 0 -> {
                    in.seek(at);
                    if (extended(in, unit, tableAt, rows)) {
                        line = 1;
                        column = 0;
                        file = files.number(1);
                    }
                    at = in.position();
                }
                case DW_LNS_COPY -> {
                    if (++count > rowsLeft) {
                        throw debugInfo.lineRows().exceeded(in.seek(at));
                    }
                    row(rows, file, line, column);
                }
                case DW_LNS_ADVANCE_PC -> advance(operand);
                case DW_LNS_ADVANCE_LINE -> line += operand;
                case DW_LNS_SET_FILE -> file = files.number(operand);
                case DW_LNS_SET_COLUMN -> column = operand >= 0 && operand <= Integer.MAX_VALUE ? (int) operand : 0;
                case DW_LNS_NEGATE_STMT,
                        DW_LNS_SET_BASIC_BLOCK,
                        DW_LNS_SET_PROLOGUE_END,
                        DW_LNS_SET_EPILOGUE_BEGIN -> {}
                case DW_LNS_CONST_ADD_PC -> advance(operationAdvances[OPCODES - 1]);
                case DW_LNS_FIXED_ADVANCE_PC -> {
                    address = (address + in.seek(at).u16()) & encoding.highest();
                    operationIndex = 0;
                    at = in.position();
                }
                case DW_LNS_SET_ISA -> {
                    in.seek(at).uleb();
                    at = in.position();
                }
                default -> {
                    in.seek(at);
                    for (int i = 0; i < operands[opcode]; i++) {
                        in.uleb();
                    }
                    at = in.position();
                }
            }
        }
        rows.endSequence(address);
        return count;
    }

    /** Whether the registers start anew. */
    private boolean extended(ByteReader in, Unit unit, long tableAt, LineRows rows) {
        long length = in.uleb();
        if (length == 0) {
            return false;
        }
        if (length < 0 || length > in.remaining()) {
            throw in.error("extended operation of 0x%x bytes, 0x%x left", length, in.remaining());
        }
        long next = in.position() + length;
        boolean ends = false;
        switch (in.u8()) {
            case DW_LNE_END_SEQUENCE -> {
                rows.endSequence(address);
                reset();
                ends = true;
            }
            case DW_LNE_SET_ADDRESS -> setAddress(in, (int) Math.min(length - 1, Integer.MAX_VALUE), rows);
            case DW_LNE_DEFINE_FILE -> LineTableReader.readFile(in, unit, tableAt, rows.files(), limits);
            default -> {} // discriminators and vendors' own: not part of an answer
        }
        in.seek(next);
        return ends;
    }

    private void setAddress(ByteReader in, int size, LineRows rows) {
        long next = in.unsigned(size);
        discarded = new Encoding(encoding.version(), encoding.offsetSize(), size).isTombstone(next);
        if (discarded || Long.compareUnsigned(next, address) < 0) {
            rows.endSequence(address);
        }
        address = next;
        operationIndex = 0;
    }

    private void advance(long operations) {
        if (maximumOperations == 1) {
            address += minimumInstructionLength * operations;
        } else {
            long next = operationIndex + operations;
            address += minimumInstructionLength * Long.divideUnsigned(next, maximumOperations);
            operationIndex = Long.remainderUnsigned(next, maximumOperations);
        }
        address &= encoding.highest();
    }

    private void row(LineRows rows, int file, long line, int column) {
        if (discarded) {
            return;
        }
        if (rows.isOpen() && Long.compareUnsigned(rows.lastAddress(), address) > 0) {
            rows.endSequence(rows.lastAddress());
        }
        rows.addRow(address, file, line >= 0 && line <= Integer.MAX_VALUE ? (int) line : 0, column);
    }

    private void reset() {
        address = 0;
        operationIndex = 0;
        discarded = false;
    }
}
