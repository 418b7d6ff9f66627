package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a line number program (DWARF 5, 6.2.5). A sequence ends at DW_LNE_end_sequence and also where
 * DW_LNE_set_address goes backwards: linkers leave the rows of discarded code at low addresses, and swallowing what follows
 * them would fuse dead code with live.
 */
final class LineProgram {
    private final Header header;
    private final int version;
    private final Limits limits;
    private final LineTable.Names names;
    private final List<String> files;
    private final List<LineSequence> sequences = new ArrayList<>();
    private List<LineRow> rows = new ArrayList<>();
    private int allRows;

    private long address;
    private int operationIndex;
    private long file = 1;
    private long line = 1;
    private long column;

    /** Fields of the header that the program depends on, in its order. */
    static final class Header {
        final int minimumInstructionLength;
        final int maximumOperations;
        final int lineBase;
        final int lineRange;
        final int opcodeBase;
        final int addressSize;
        private int[] operands = {};

        Header(
                int minimumInstructionLength,
                int maximumOperations,
                int lineBase,
                int lineRange,
                int opcodeBase,
                int addressSize) {
            this.minimumInstructionLength = minimumInstructionLength;
            this.maximumOperations = Math.max(1, maximumOperations);
            this.lineBase = lineBase;
            this.lineRange = lineRange;
            this.opcodeBase = opcodeBase;
            this.addressSize = addressSize;
        }

        void readOperandCounts(ByteReader in) {
            if (lineRange == 0 || opcodeBase == 0) {
                throw in.error("line_range %d, opcode_base %d", lineRange, opcodeBase);
            }
            operands = new int[opcodeBase];
            for (int i = 1; i < opcodeBase; i++) {
                operands[i] = in.u8();
            }
        }
    }

    LineProgram(Header header, int version, Limits limits, LineTable.Names names, List<String> files) {
        this.header = header;
        this.version = version;
        this.limits = limits;
        this.names = names;
        this.files = files;
    }

    List<LineSequence> run(ByteReader in) {
        while (in.hasRemaining()) {
            int opcode = in.u8();
            if (opcode >= header.opcodeBase) {
                special(in, opcode);
            } else if (opcode == 0) {
                extended(in);
            } else {
                standard(in, opcode);
            }
        }
        // rows without an end of their sequence say where code begins and not where it ends: nobody can use the last
        // one
        endSequence();
        return sequences;
    }

    private void special(ByteReader in, int opcode) {
        int adjusted = opcode - header.opcodeBase;
        advance(adjusted / header.lineRange);
        line += header.lineBase + adjusted % header.lineRange;
        row(in);
    }

    private void standard(ByteReader in, int opcode) {
        switch (opcode) {
            case 1 -> row(in); // DW_LNS_copy
            case 2 -> advance(in.uleb());
            case 3 -> line += in.sleb();
            case 4 -> file = in.uleb();
            case 5 -> column = in.uleb();
            case 6, 7, 10, 11 -> {} // negate_stmt, basic_block, prologue_end, epilogue_begin
            case 8 -> advance((255 - header.opcodeBase) / header.lineRange);
            case 9 -> {
                address += in.u16();
                operationIndex = 0;
            }
            case 12 -> in.uleb(); // DW_LNS_set_isa
            default -> {
                for (int i = 0; i < header.operands[opcode]; i++) {
                    in.uleb();
                }
            }
        }
    }

    private void extended(ByteReader in) {
        long length = in.uleb();
        if (length == 0) {
            return;
        }
        var operation = in.take("extended line operation", length);
        switch (operation.u8()) {
            case 1 -> { // DW_LNE_end_sequence
                endSequence();
                reset();
            }
            case 2 -> setAddress(operation); // DW_LNE_set_address
            case 3 -> files.add(names.file(operation, operation.string(limits))); // DW_LNE_define_file
            default -> {} // discriminators and vendors' own: not part of an answer
        }
    }

    private void setAddress(ByteReader operation) {
        long size = operation.remaining();
        long next = operation.unsigned((int) Math.min(size, Integer.MAX_VALUE));
        if (Long.compareUnsigned(next, address) < 0) {
            endSequence();
        }
        address = next;
        operationIndex = 0;
    }

    private void advance(long operations) {
        if (header.maximumOperations == 1) {
            address += header.minimumInstructionLength * operations;
        } else {
            long next = operationIndex + operations;
            address += header.minimumInstructionLength * (next / header.maximumOperations);
            operationIndex = (int) (next % header.maximumOperations);
        }
        if (header.addressSize == Integer.BYTES) {
            address &= 0xffff_ffffL;
        }
    }

    private void row(ByteReader in) {
        allRows = Limits.checkCount(in, "number of rows", allRows + 1L, limits.lineRows());
        int lineNumber = line >= 0 && line <= Integer.MAX_VALUE ? (int) line : 0;
        int columnNumber = column >= 0 && column <= Integer.MAX_VALUE ? (int) column : 0;
        if (!rows.isEmpty() && Long.compareUnsigned(rows.getLast().address(), address) > 0) {
            endSequenceAt(rows.getLast().address());
        }
        var row = new LineRow(address, LineTable.path(files, version, file).orElse(null), lineNumber, columnNumber);
        // of several rows at one address the last one holds (GCC's views)
        if (!rows.isEmpty() && rows.getLast().address() == address) {
            rows.set(rows.size() - 1, row);
        } else {
            rows.add(row);
        }
    }

    private void endSequence() {
        endSequenceAt(address);
    }

    private void endSequenceAt(long end) {
        if (!rows.isEmpty() && Long.compareUnsigned(rows.getFirst().address(), end) < 0) {
            sequences.add(new LineSequence(rows, end));
        }
        rows = new ArrayList<>();
    }

    private void reset() {
        address = 0;
        operationIndex = 0;
        file = 1;
        line = 1;
        column = 0;
    }
}
