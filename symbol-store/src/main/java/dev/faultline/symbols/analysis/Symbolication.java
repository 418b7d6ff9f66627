package dev.faultline.symbols.analysis;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.util.List;
import java.util.Optional;

/** From a physical frame to the lines that are shown for it. */
final class Symbolication {

    private Symbolication() {}

    /** Every level of inlining, innermost first; one nameless line where no symbols cover the frame. */
    static List<FrameReport> of(Frame frame, LoadedSymbols symbols, Architecture architecture) {
        var module = module(frame.lookupPc(), symbols, architecture);
        var name = module.map(found -> found.image().name()).orElse(null);
        var offset =
                module.map(found -> hex(found.linked(frame.pc()), architecture)).orElse(null);
        var pc = hex(frame.pc(), architecture);
        var trust = frame.trust().label();
        var source = module.flatMap(found -> found.index().map(index -> index.lookup(found.linked(frame.lookupPc()))))
                .orElse(List.of());
        if (source.isEmpty()) {
            return List.of(new FrameReport(null, null, null, 0, 0, pc, false, trust, name, offset));
        }
        return source.stream()
                .map(level -> new FrameReport(
                        level.function(),
                        level.linkageName(),
                        level.file(),
                        level.line(),
                        level.column(),
                        pc,
                        level.inlined(),
                        trust,
                        name,
                        offset))
                .toList();
    }

    /** A value as wide as an address. */
    static String hex(long value, Architecture architecture) {
        return architecture.wordBytes() == 8 ? "0x%016x".formatted(value) : "0x%08x".formatted(value);
    }

    private static Optional<LoadedSymbols.Module> module(
            long address, LoadedSymbols symbols, Architecture architecture) {
        var known = symbols.at(address);
        if (known.isPresent() || !architecture.mayExecute(address)) {
            return known;
        }
        var around = symbols.around(address);
        return around.isPresent() ? around : symbols.unknown(address);
    }
}
