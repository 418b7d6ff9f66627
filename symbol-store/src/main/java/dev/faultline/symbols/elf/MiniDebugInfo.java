package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.bytes.SegmentInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The symbols that some distributions leave in a stripped image: {@code .gnu_debugdata} is an ELF file of its own,
 * packed with xz, whose {@code .symtab} has the functions that {@code .dynsym} has not. Unpacked when they are first
 * asked for; one inside another is not looked for.
 */
final class MiniDebugInfo {
    /** Most memory the xz decoder may take: enough for its largest preset. */
    private static final int XZ_KIBIBYTES = 80 << 10;

    /** A symbol table of a million functions takes less. */
    private static final long MOST_BYTES = 256L << 20;

    private final MappedElfFile outer;
    private final boolean nested;
    private final Scratch scratch;
    private final Limits limits;
    private final Diagnostics diagnostics;
    private @Nullable Iterable<Symbol> symbols;

    MiniDebugInfo(MappedElfFile outer, boolean nested, Scratch scratch, Limits limits, Diagnostics diagnostics) {
        this.outer = outer;
        this.nested = nested;
        this.scratch = scratch;
        this.limits = limits;
        this.diagnostics = diagnostics;
    }

    /** None where there are none or they can not be read. */
    synchronized Iterable<Symbol> symbols() {
        if (symbols == null) {
            symbols = nested ? List.of() : read();
        }
        return symbols;
    }

    private Iterable<Symbol> read() {
        var section = outer.section(".gnu_debugdata").orElse(null);
        if (section == null) {
            return List.of();
        }
        try {
            MappedElfFile inner = outer.inner(unpack(outer.bytes(section)), scratch);
            if (inner.header().machine() != outer.header().machine()
                    || inner.header().is64Bit() != outer.header().is64Bit()) {
                throw new FormatException(".gnu_debugdata is for another machine");
            }
            inner.diagnostics().forEach(text -> diagnostics.add(".gnu_debugdata: " + text));
            var around = new SectionsByAddress(outer.sections());
            return inner.ownSymbols(
                    symbol -> symbol.section() <= 0 ? symbol : symbol.in(around.indexAround(symbol.address())));
        } catch (FormatException e) {
            diagnostics.add(e);
            return List.of();
        }
    }

    private ByteReader unpack(ByteReader packed) {
        long most = scratch.reserveUpTo(Math.min(MOST_BYTES, packed.size() * limits.decompressionRatio()));
        long kept = 0;
        try (InputStream in = new XZInputStream(new SegmentInputStream(packed.segment()), XZ_KIBIBYTES)) {
            var bytes = scratch.keep(in, most);
            if (in.read() >= 0) {
                throw packed.error("becomes more than 0x%x bytes", most);
            }
            kept = bytes.byteSize();
            return ByteReader.of(packed.name(), bytes.asReadOnly());
        } catch (IOException e) {
            FormatException damage = packed.error("does not decompress: %s", String.valueOf(e.getMessage()));
            damage.initCause(e);
            throw damage;
        } finally {
            scratch.release(most - kept);
        }
    }
}
