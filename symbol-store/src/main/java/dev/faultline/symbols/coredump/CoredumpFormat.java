package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A kind of coredump that can be read; found by its content, whatever the file is called. */
public sealed interface CoredumpFormat
        permits DeviceElfCore,
                LinuxElfCore,
                EspElfCore,
                ZephyrCoredump,
                ZephyrPartition,
                Minidump,
                ChunkCoredump,
                EspCoredump,
                ZephyrLog,
                EspConsole,
                EspBase64,
                EspPanicText,
                ZephyrFaultText,
                CrashCatcherDump,
                CrashCatcherText,
                JsonReport {
    /** In the order in which they are tried: what a few bytes tell for certain before what they only suggest. */
    List<CoredumpFormat> KNOWN = List.of(
            new EspElfCore(),
            new DeviceElfCore(),
            new LinuxElfCore(),
            new ZephyrCoredump(),
            new ZephyrPartition(),
            new Minidump(),
            new ChunkCoredump(),
            new CrashCatcherDump(), // its flags look like the oldest version of the next one
            new EspCoredump(),
            new ZephyrLog(),
            new EspConsole(),
            new EspBase64(),
            new EspPanicText(),
            new ZephyrFaultText(),
            new CrashCatcherText(),
            new JsonReport());

    /** First bytes of a file that are enough to tell whether any format may begin so. */
    int HEAD_BYTES = 4096;

    /**
     * Whether a file of a known format may begin so. A text may have its dump further on, so that one longer than its head
     * always may.
     *
     * @param head the first bytes, unpacked: all of the file, or {@link #HEAD_BYTES} at least
     */
    static boolean mayBegin(ByteReader head) {
        return KNOWN.stream().anyMatch(format -> format.begins(head.copy().seek(0)))
                || (head.size() >= HEAD_BYTES && ConsoleText.isText(head));
    }

    /** As shown, stored and sent. */
    String name();

    /** What the format is called in a sentence, for someone whose file is none of them. */
    String description();

    /** Whether the first bytes are those of this format. */
    boolean begins(ByteReader file);

    /**
     * Reads as much as there is.
     *
     * @return one coredump, or in the order of the file as many as it has; never none
     * @throws FormatException when there is nothing to report about
     */
    List<Coredump> parse(ByteReader file, Limits limits);

    /**
     * Decompresses, finds the format and reads.
     *
     * @throws FormatException when no format fits, or the one that fits finds nothing to report about
     */
    static List<Coredump> read(MemorySegment upload, Limits limits) {
        var unpacked = Compression.unpack(upload, limits);
        var file = ByteReader.of("coredump", unpacked.bytes());
        var coredumps = formatOf(file).parse(file, limits);
        return unpacked.damage()
                .map(damage -> coredumps.stream()
                        .map(coredump -> coredump.withWarning(damage))
                        .toList())
                .orElse(coredumps);
    }

    /**
     * Decompresses and gives an ELF core that gdb opens: the bytes themselves where they are one, else one that is made of
     * a coredump.
     *
     * @param ordinal which coredump of the upload, from 1 on
     * @throws FormatException when no format fits, or there are fewer coredumps
     */
    static MemorySegment elfCore(MemorySegment upload, int ordinal, Limits limits) {
        var unpacked = Compression.unpack(upload, limits);
        var file = ByteReader.of("coredump", unpacked.bytes());
        var coredumps = formatOf(file).parse(file, limits);
        if (ordinal < 1 || ordinal > coredumps.size()) {
            throw file.error("coredump %d of %d", ordinal, coredumps.size());
        }
        return ordinal == 1 && ElfHeader.begins(file.copy().seek(0))
                ? unpacked.bytes()
                : ElfCoreWriter.write(coredumps.get(ordinal - 1));
    }

    private static CoredumpFormat formatOf(ByteReader file) {
        for (var format : KNOWN) {
            if (format.begins(file.copy().seek(0))) {
                return format;
            }
        }
        throw file.error("no known coredump: %s", whatItIs(file));
    }

    private static String whatItIs(ByteReader file) {
        var wanted = KNOWN.stream().map(CoredumpFormat::description).collect(Collectors.joining(", "));
        if (file.size() == 0) {
            return "it is empty; wanted: " + wanted;
        }
        byte[] first = file.copy().seek(0).bytes((int) Math.min(8, file.size()));
        return "it begins with %s; wanted: %s"
                .formatted(HexFormat.ofDelimiter(" ").formatHex(first), wanted);
    }

    /** {@code list} with one more warning. */
    static List<String> append(List<String> list, String warning) {
        var longer = new ArrayList<>(list);
        longer.add(warning);
        return List.copyOf(longer);
    }
}
