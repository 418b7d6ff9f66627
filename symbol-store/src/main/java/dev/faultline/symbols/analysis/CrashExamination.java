package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.report.GlobalReport;
import dev.faultline.symbols.report.MemoryReport;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.variables.CrashVariables;
import dev.faultline.symbols.variables.GlobalVariable;
import dev.faultline.symbols.variables.ValueLimits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A coredump that is open to be asked for what a report has no room for: globals and memory. For one thread at a time. */
public final class CrashExamination implements AutoCloseable {
    /** Most bytes of memory that are given at once. */
    public static final int MOST_BYTES = 1 << 16;

    /** Most globals that are given at once. */
    public static final int MOST_GLOBALS = 200;

    private final OpenCrash open;
    private final AddressSpace space;
    private final CrashVariables variables;

    /** Closes what is open with itself. */
    CrashExamination(OpenCrash open, Limits limits) {
        this.open = open;
        this.space = open.space();
        this.variables = new CrashVariables(space, limits, ValueLimits.DEFAULT);
    }

    /** The globals of a name, as the source has it or as the linker has it; of every image. */
    public List<GlobalReport> globals(String name) {
        return variables.globals(name).stream()
                .limit(MOST_GLOBALS)
                .map(this::report)
                .toList();
    }

    /**
     * All globals, in the order of their files.
     *
     * @param from how many to leave out: those that were shown already
     * @param most at most {@link #MOST_GLOBALS} are given
     */
    public List<GlobalReport> globals(int from, int most) {
        return variables.globals(from, Math.min(most, MOST_GLOBALS)).stream()
                .map(this::report)
                .toList();
    }

    private GlobalReport report(GlobalVariable global) {
        var variable = global.variable();
        var address = variable.address();
        return new GlobalReport(
                global.image(),
                global.file(),
                variable.line(),
                address.isPresent() ? hex(address.getAsLong()) : null,
                VariableReports.of(variable));
    }

    /**
     * Memory from an address on, with the read-only parts of the images where the dump does not have them.
     *
     * @param size bytes, at most {@link #MOST_BYTES}; what would leave the address space is left out
     */
    public MemoryReport memory(long address, int size) {
        int bytes = Math.clamp(size, 0, MOST_BYTES);
        long last = address + bytes - 1;
        if (bytes > 0 && Long.compareUnsigned(last, address) < 0) {
            bytes = (int) -address;
        }
        return new MemoryReport(ranges(address, bytes), symbols(address, bytes));
    }

    private List<MemoryReport.Range> ranges(long address, int size) {
        var ranges = new ArrayList<MemoryReport.Range>();
        var hex = HexFormat.of();
        int start = 0;
        var known = new StringBuilder();
        for (int i = 0; i < size; i++) {
            OptionalLong read = space.unsigned(address + i, 1);
            boolean begins = i > start && read.isPresent() == known.isEmpty();
            if (begins) {
                ranges.add(range(address + start, i - start, known));
                known.setLength(0);
                start = i;
            }
            if (read.isPresent()) {
                hex.toHexDigits(known, (byte) read.getAsLong());
            }
        }
        if (size > start) {
            ranges.add(range(address + start, size - start, known));
        }
        return ranges;
    }

    private MemoryReport.Range range(long address, int size, StringBuilder known) {
        return new MemoryReport.Range(hex(address), size, known.isEmpty() ? null : known.toString());
    }

    private List<MemoryReport.Symbol> symbols(long address, int size) {
        var found = new ArrayList<MemoryReport.Symbol>();
        int step = Integer.BYTES;
        for (int i = 0; i < size; ) {
            var place = address + i;
            var symbol = symbol(place);
            if (symbol.isEmpty()) {
                i += step - Math.floorMod(place, step);
                continue;
            }
            found.add(new MemoryReport.Symbol(
                    hex(symbol.get().address()),
                    symbol.get().name(),
                    symbol.get().size()));
            long left = symbol.get().address() + Math.max(1, symbol.get().size()) - place;
            i += (int) Math.clamp(left, 1, (long) size - i);
        }
        return found;
    }

    /** At its address in memory. */
    private Optional<DataSymbol> symbol(long address) {
        return open.symbols().modules().stream()
                .flatMap(module -> module.data(address).stream())
                .findFirst();
    }

    private String hex(long address) {
        return Symbolication.hex(address, space.architecture());
    }

    /** Gives the symbols back. */
    @Override
    public void close() {
        open.close();
    }
}
