package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.Optional;
import java.util.OptionalLong;

/** Zephyr's log in memory: the ring of packets of its deferred mode. */
final class ZephyrLog {
    static final String SYMBOL = "log_buffer";

    private static final int WORD = 4;

    private ZephyrLog() {}

    /** Its messages; empty where the variable is another firmware's of the same name. */
    static Optional<ReadLog> read(Module module, DataSymbol symbol, AddressSpace space, Limits limits) {
        var layouts = module.elf().map(elf -> LogLayouts.of(elf, limits));
        var buffer = layouts.flatMap(known -> known.layout("mpsc_pbuf_buffer"));
        if (buffer.isEmpty() || symbol.size() < buffer.get().size()) {
            return Optional.empty();
        }
        var header = layouts.get().layout("log_msg_hdr").flatMap(layout -> ZephyrHeader.of(layout, "desc."));
        var message = layouts.get().layout("log_msg");
        if (header.isEmpty() || message.isEmpty()) {
            return Optional.of(ReadLog.none(
                    "The log in `%s` can not be read: the debug file does not have the type of its messages"
                            .formatted(SYMBOL)));
        }
        long data = message.get().offset("data").orElse(message.get().size());
        var messages = new ZephyrMessages(module, space, layouts.get(), limits);
        return Optional.of(ring(symbol.address(), buffer.get(), space, limits)
                .map(ring -> new ZephyrBuffer(ring.words(), header.get(), data, space.architecture(), messages)
                        .messages(ring.read(), ring.write()))
                .orElseGet(() -> ReadLog.none("The log in `%s` was not captured, or is damaged".formatted(SYMBOL))));
    }

    /** The ring's words; which one is read next, and which is written next. */
    private record Ring(ByteReader words, int read, int write) {}

    private static Optional<Ring> ring(long address, StructLayout layout, AddressSpace space, Limits limits) {
        var buffer = value(address, layout, "buf", space);
        var size = value(address, layout, "size", space);
        var read = value(address, layout, "rd_idx", space);
        var write = value(address, layout, "wr_idx", space);
        if (buffer.isEmpty()
                || size.orElse(0) < 1
                || size.getAsLong() > limits.logBytes() / WORD
                || read.orElse(Long.MAX_VALUE) >= size.getAsLong()
                || write.orElse(Long.MAX_VALUE) >= size.getAsLong()) {
            return Optional.empty();
        }
        return space.memory()
                .bytes(buffer.getAsLong(), (int) size.getAsLong() * WORD)
                .map(bytes ->
                        new Ring(ByteReader.of("log buffer", bytes), (int) read.getAsLong(), (int) write.getAsLong()));
    }

    private static OptionalLong value(long address, StructLayout layout, String name, AddressSpace space) {
        var member = layout.member(name);
        return member.isPresent() && (member.get().size() == 4 || member.get().size() == 8)
                ? space.memory().unsigned(address + member.get().offset(), (int)
                        member.get().size())
                : OptionalLong.empty();
    }
}
