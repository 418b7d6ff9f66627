package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the logs in the memory of a crash: those of loggers that are known, by their symbols, and buffers that were named. */
final class MemoryLogs {
    private final AddressSpace space;
    private final Limits limits;
    private final int wordBytes;

    MemoryLogs(AddressSpace space, Limits limits) {
        this.space = space;
        this.limits = limits;
        this.wordBytes = space.architecture().wordBytes();
    }

    /** @param origin what the log is called: its variable */
    record Found(String origin, ReadLog log) {}

    List<Found> find(List<LogBuffer> named) {
        var found = new ArrayList<Found>();
        if (space.memory().regions().isEmpty()) {
            return found;
        }
        for (var module : space.symbols().modules()) {
            module.data(RingLog.SYMBOL)
                    .map(symbol -> RingLog.read(space.memory(), symbol.address(), limits))
                    .ifPresent(log -> found.add(new Found(RingLog.SYMBOL, log)));
            module.data(ChunkLogger.SYMBOL)
                    .map(symbol -> chunkLog(module, symbol))
                    .ifPresent(log -> found.add(new Found(ChunkLogger.SYMBOL, log)));
            module.data(ZephyrLog.SYMBOL)
                    .flatMap(symbol -> ZephyrLog.read(module, symbol, space, limits))
                    .ifPresent(log -> found.add(new Found(ZephyrLog.SYMBOL, log)));
            for (var buffer : named) {
                new NamedRing(buffer, module, space, limits)
                        .read()
                        .ifPresent(log -> found.add(new Found(buffer.symbol(), log)));
            }
        }
        if (found.stream().noneMatch(log -> log.origin().equals(ChunkLogger.SYMBOL))) {
            chunkLogOfBlock().ifPresent(log -> found.add(new Found(ChunkLogger.SYMBOL, log)));
        }
        return found;
    }

    private ReadLog chunkLog(Module module, DataSymbol symbol) {
        var layouts = module.elf()
                .flatMap(elf -> LogLayouts.of(elf, limits).layout(ChunkLogger.SYMBOL))
                .flatMap(ChunkLoggerLayout::of)
                .map(List::of)
                .orElseGet(() -> ChunkLoggerLayout.usual(wordBytes));
        var loggers =
                layouts.stream().map(known -> logger(symbol.address(), known)).toList();
        var logger = loggers.stream().filter(ChunkLogger::isValid).findFirst().orElse(loggers.getFirst());
        return entries(logger);
    }

    /** Without symbols: a coredump that has the logger by itself has it in a region of its own. */
    private Optional<ReadLog> chunkLogOfBlock() {
        for (var region : space.memory().regions()) {
            for (var layout : ChunkLoggerLayout.usual(wordBytes)) {
                var logger = logger(region.address(), layout);
                if (region.bytes().byteSize() == layout.size() && logger.isValid()) {
                    return Optional.of(entries(logger));
                }
            }
        }
        return Optional.empty();
    }

    private ChunkLogger logger(long address, ChunkLoggerLayout layout) {
        return new ChunkLogger(space.memory(), address, layout, wordBytes, limits);
    }

    private ReadLog entries(ChunkLogger logger) {
        return switch (logger.contents()) {
            case ChunkLogger.None(String why) -> ReadLog.none(why);
            case ChunkLogger.Entries(ByteReader entries) ->
                new ChunkEntries(CompactFormats.of(space, limits).orElse(null), wordBytes).read(entries);
        };
    }
}
