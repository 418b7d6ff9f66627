package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
     * Unpacks, finds the formats and reads: of an archive, file after file.
     *
     * @return one coredump, or as many as there are, in order; never none
     * @throws FormatException when no format fits, or the one that fits finds nothing to report about
     */
    static List<Coredump> read(MemorySegment upload, Limits limits) {
        return readFiles(upload, limits).stream()
                .flatMap(file -> file.coredumps().stream())
                .toList();
    }

    /**
     * As {@link #read(MemorySegment, Limits)}, one of its coredumps alone.
     *
     * @param ordinal which one, from 1 on
     * @throws FormatException when no format fits, or there are fewer coredumps
     */
    static Chosen read(MemorySegment upload, int ordinal, Limits limits) {
        var files = readFiles(upload, limits);
        int all = files.stream().mapToInt(file -> file.coredumps().size()).sum();
        int before = 0;
        for (var file : files) {
            var coredumps = file.coredumps();
            if (ordinal > before && ordinal <= before + coredumps.size()) {
                boolean isElf = coredumps.size() == 1 && ElfHeader.begins(ByteReader.of("coredump", file.bytes()));
                return new Chosen(
                        coredumps.get(ordinal - before - 1), isElf ? Optional.of(file.bytes()) : Optional.empty(), all);
            }
            before += coredumps.size();
        }
        throw new FormatException(
                "coredump at 0x0: it has %d coredumps, number %d is not there".formatted(all, ordinal));
    }

    /**
     * One coredump of an upload.
     *
     * @param elf its file as it was unpacked, where that is an ELF core
     * @param coredumps how many the upload has
     */
    record Chosen(Coredump coredump, Optional<MemorySegment> elf, int coredumps) {}

    /** The coredumps of one file of an upload, its bytes as they were unpacked. */
    record ReadFile(MemorySegment bytes, List<Coredump> coredumps) {}

    /** Of an archive what is no coredump, such as a note to the reader, is said and passed over, if anything is one. */
    private static List<ReadFile> readFiles(MemorySegment upload, Limits limits) {
        var read = new ArrayList<ReadFile>();
        var passedOver = new ArrayList<String>();
        var refused = new ArrayList<FormatException>();
        for (var file : UploadedFile.of(upload, limits)) {
            var reader = ByteReader.of(file.name(), file.bytes());
            var format = formatOf(reader);
            if (format.isEmpty()) {
                refused.add(unknown(reader));
                passedOver.add("%s in the archive is no coredump".formatted(file.name()));
                continue;
            }
            try {
                read.add(new ReadFile(file.bytes(), parse(format.get(), reader, file, limits)));
            } catch (FormatException e) {
                refused.add(e);
                passedOver.add("A coredump in the archive was not read: " + e.getMessage());
            }
        }
        if (read.isEmpty()) {
            throw refused.getFirst();
        }
        var first = read.getFirst();
        var coredumps = new ArrayList<>(first.coredumps());
        for (String sentence : passedOver) {
            coredumps.set(0, coredumps.getFirst().withWarning(sentence));
        }
        read.set(0, new ReadFile(first.bytes(), List.copyOf(coredumps)));
        return read;
    }

    private static List<Coredump> parse(CoredumpFormat format, ByteReader reader, UploadedFile file, Limits limits) {
        var coredumps = format.parse(reader, limits);
        return file.damage()
                .map(damage -> coredumps.stream()
                        .map(coredump -> coredump.withWarning(damage))
                        .toList())
                .orElse(coredumps);
    }

    private static Optional<CoredumpFormat> formatOf(ByteReader file) {
        return KNOWN.stream()
                .filter(format -> format.begins(file.copy().seek(0)))
                .findFirst();
    }

    private static FormatException unknown(ByteReader file) {
        return file.copy().seek(0).error("no known coredump: %s", whatItIs(file));
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
