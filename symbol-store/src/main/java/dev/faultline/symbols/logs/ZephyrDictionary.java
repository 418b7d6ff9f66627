package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages as Zephyr sends them where the texts stay in the debug file (dictionary logging): a header, the package, further
 * bytes; or how many messages were lost.
 */
final class ZephyrDictionary {
    private static final int MESSAGE = 0;
    private static final int DROPPED = 1;

    private final ZephyrHeader header;
    private final ZephyrMessages messages;
    private final AddressSpace space;

    private ZephyrDictionary(ZephyrHeader header, ZephyrMessages messages, AddressSpace space) {
        this.header = header;
        this.messages = messages;
        this.space = space;
    }

    /** That of the first image whose types say how it sends. */
    static Optional<ZephyrDictionary> of(AddressSpace space, Limits limits) {
        for (var module : space.symbols().modules()) {
            var layouts = module.elf().map(elf -> LogLayouts.of(elf, limits));
            var header = layouts.flatMap(known -> known.layout("log_dict_output_normal_msg_hdr_t"))
                    .flatMap(layout -> ZephyrHeader.of(layout, ""));
            if (header.isPresent()) {
                var messages = new ZephyrMessages(module, space, layouts.get(), limits);
                return Optional.of(new ZephyrDictionary(header.get(), messages, space));
            }
        }
        return Optional.empty();
    }

    ReadLog read(byte[] bytes) {
        var in = ByteReader.of("dictionary log", bytes)
                .order(space.architecture().byteOrder());
        var lines = new ArrayList<LogLine>();
        while (in.hasRemaining()) {
            long start = in.position();
            int kind = in.u8();
            try {
                switch (kind) {
                    case MESSAGE -> lines.add(message(in, start));
                    case DROPPED -> lines.add(new LogLine(null, "W", "%d messages dropped".formatted(in.u16())));
                    default -> throw in.error("a message of the unknown kind %d", kind);
                }
            } catch (FormatException e) {
                return new ReadLog(
                        lines,
                        List.of("The dictionary log ends after %d messages: %s"
                                .formatted(lines.size(), e.getMessage())));
            }
        }
        return ReadLog.of(lines);
    }

    private LogLine message(ByteReader in, long start) {
        int level = (int) ZephyrHeader.value(in, start, header.level());
        int packageBytes = (int) ZephyrHeader.value(in, start, header.packageLength());
        int dataBytes = (int) ZephyrHeader.value(in, start, header.dataLength());
        long source = ZephyrHeader.value(in, start, header.source());
        long timestamp = ZephyrHeader.value(in, start, header.timestamp());
        in.seek(start);
        in.skip(header.size());
        var said = new ZephyrMessages.Header(
                level, level == 0 ? Optional.empty() : messages.sourceNumbered(source), timestamp);
        return messages.line(said, in.bytes(packageBytes), in.bytes(dataBytes));
    }
}
