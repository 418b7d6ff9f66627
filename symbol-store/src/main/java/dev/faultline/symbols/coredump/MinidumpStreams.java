package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.AddressRange;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The streams of a minidump, read once all of them are known: contexts need the processor, which is one of them. */
final class MinidumpStreams {
    private static final long THREADS = 3;
    private static final long MODULES = 4;
    private static final long MEMORY = 5;
    private static final long EXCEPTION = 6;
    private static final long SYSTEM = 7;
    private static final long MEMORY_64 = 9;
    private static final long THREAD_NAMES = 24;
    private static final long BREAKPAD = 0x4767_0001L;
    private static final long LINUX_MAPS = 0x4767_0009L;
    private static final long CRASHPAD = 0x4350_0001L;

    private static final int THREAD_BYTES = 48;
    private static final int MODULE_BYTES = 108;
    private static final int MODULE_VERSION_BYTES = 52;
    private static final long RSDS = 0x5344_5352L;
    private static final long BPEL = 0x4270_454cL;

    /** The reason of a dump that the program asked for. */
    private static final long REQUESTED = 0xffff_ffffL;

    /** What writers call the vdso, which is no file: Breakpad, the dynamic linker. */
    private static final Set<String> VDSO_NAMES = Set.of("linux-gate.so", "linux-vdso.so.1");

    private static final int MOST_NAME_BYTES = 8192;

    private static final Pattern MAPPING =
            Pattern.compile("^([0-9a-f]{1,15})-([0-9a-f]{1,15}) (....) ([0-9a-f]{1,15}) \\S+ \\d+ +(/.*)$");

    private final ByteReader file;
    private final Limits limits;
    private final List<String> warnings;
    private final Map<Long, ByteReader> streams = new HashMap<>();
    private final List<Memory.Region> memory = new ArrayList<>();
    private final Map<Long, String> names = new HashMap<>();
    private final List<LoadedImage> images = new ArrayList<>();
    private final Map<Long, Registers> threads = new LinkedHashMap<>();
    private final Map<Long, AddressRange> stacks = new HashMap<>();
    private final List<String> annotations = new ArrayList<>();
    private OptionalLong crashed = OptionalLong.empty();
    private OptionalLong dumping = OptionalLong.empty();
    private @Nullable Registers crashedRegisters;
    private FaultState fault = new FaultState.Unrecorded();
    private @Nullable String reason;

    MinidumpStreams(ByteReader file, Limits limits, List<String> warnings) {
        this.file = file;
        this.limits = limits;
        this.warnings = warnings;
    }

    /** An entry of the directory; of a stream that the file ends in, what is there. */
    void add(long type, long size, long place) {
        if (type == 0 || streams.containsKey(type)) {
            return;
        }
        long there = Math.clamp(file.size() - place, 0, size);
        if (there < size) {
            warnings.add("Damaged after byte %d: of %d bytes of stream 0x%x %d are there"
                    .formatted(file.size(), size, type, there));
        }
        streams.put(type, file.slice("stream 0x%x".formatted(type), Math.min(place, file.size()), there));
    }

    Coredump coredump(String format) {
        var context = MinidumpContext.of(stream(SYSTEM));
        Minidump.kept(this::breakpad, warnings);
        Minidump.kept(() -> exception(context), warnings);
        Minidump.kept(this::threadNames, warnings);
        Minidump.kept(() -> threads(context), warnings);
        Minidump.kept(this::memory, warnings);
        Minidump.kept(this::memory64, warnings);
        Minidump.kept(this::modules, warnings);
        Minidump.kept(this::maps, warnings);
        Minidump.kept(() -> CrashpadAnnotations.read(file, stream(CRASHPAD), annotations::add), warnings);
        if (threads.isEmpty()) {
            throw file.error(
                    "a minidump without a readable thread%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        return new Coredump(
                format,
                new DumpIdentity(
                        null,
                        null,
                        null,
                        null,
                        images.isEmpty() ? null : images.getFirst().buildId(),
                        reason,
                        null,
                        null),
                context.architecture(),
                Memory.of(ByteOrder.LITTLE_ENDIAN, memory),
                dumpThreads(),
                fault,
                images,
                annotations,
                warnings);
    }

    private ByteReader stream(long type) {
        var stream = streams.get(type);
        return stream == null ? ByteReader.of("no stream 0x%x".formatted(type), MemorySegment.NULL) : stream.copy();
    }

    /** Which thread wrote the dump: never the one that crashed. */
    private void breakpad() {
        var in = stream(BREAKPAD);
        if (in.remaining() >= 12) {
            long validity = in.u32();
            long dump = in.u32();
            dumping = (validity & 1) != 0 ? OptionalLong.of(dump) : OptionalLong.empty();
        }
    }

    private void exception(MinidumpContext context) {
        var in = stream(EXCEPTION);
        if (in.size() == 0) {
            warnings.add("The minidump has no exception: which thread is to blame is not known");
            return;
        }
        crashed = OptionalLong.of(in.u32());
        in.skip(4);
        long code = in.u32();
        int signalCode = in.i32(); // what the kernel calls si_code, which may be negative
        in.skip(8); // a record behind this one
        long address = in.u64();
        if (code == REQUESTED) {
            reason = "dump-requested";
        } else {
            // writers of before 2018 leave 0, which would be a signal that some process sent
            var known = signalCode == 0 ? OptionalLong.empty() : OptionalLong.of(signalCode);
            fault = new FaultState.Signal((int) code, known, OptionalLong.of(address));
        }
        in.skip(8 + 15 * 8); // count and parameters
        var bytes = location(in, "context of the exception");
        crashedRegisters = bytes.size() == 0 ? null : context.read(bytes);
    }

    private void threadNames() {
        var in = stream(THREAD_NAMES);
        long count = count(in, 12);
        for (long i = 0; i < count; i++) {
            long id = in.u32();
            var name = string(in.u64());
            if (name != null) {
                names.putIfAbsent(id, name);
            }
        }
    }

    private void threads(MinidumpContext context) {
        var in = stream(THREADS);
        long count = count(in, THREAD_BYTES);
        Limits.checkCount(in, "threads", count, limits.threads());
        for (long i = 0; i < count; i++) {
            long id = in.u32();
            in.skip(3 * 4 + 8); // suspend count, priorities, thread environment block
            long start = in.u64();
            var stack = location(in, "stack of thread %d".formatted(id));
            var bytes = location(in, "context of thread %d".formatted(id));
            if (stack.size() > 0 && start >= 0) {
                memory.add(new Memory.Region(start, stack.segment()));
                stacks.put(id, new AddressRange(start, start + stack.size()));
            }
            Minidump.kept(() -> threads.put(id, context.read(bytes)), warnings);
        }
    }

    private List<DumpThread> dumpThreads() {
        var list = new ArrayList<DumpThread>();
        threads.forEach((id, registers) -> {
            boolean blamed = crashed.isPresent() && crashed.getAsLong() == id;
            boolean writer = dumping.isPresent() && dumping.getAsLong() == id && !blamed;
            if (writer) {
                return;
            }
            var own = blamed && crashedRegisters != null ? crashedRegisters : registers;
            var thread = new DumpThread(id, names.get(id), blamed, own, stacks.get(id));
            list.add(blamed ? 0 : list.size(), thread);
        });
        if (crashed.isPresent() && list.stream().noneMatch(DumpThread::crashed)) {
            warnings.add("Thread %d, which crashed, is not in the minidump".formatted(crashed.getAsLong()));
        }
        return list;
    }

    private void memory() {
        var in = stream(MEMORY);
        long count = count(in, 16);
        for (long i = 0; i < count; i++) {
            long start = in.u64();
            region(start, location(in, "memory at 0x%x".formatted(start)));
        }
    }

    private void memory64() {
        var in = stream(MEMORY_64);
        if (in.remaining() < 16) {
            return;
        }
        long count = in.u64();
        long place = in.u64();
        if (count < 0 || count > in.remaining() / 16) {
            throw in.error("%s memory ranges in %d bytes", Long.toUnsignedString(count), in.remaining());
        }
        Limits.checkCount(in, "memory ranges", count, limits.segments());
        for (long i = 0; i < count; i++) {
            long start = in.u64();
            long size = in.u64();
            if (place < 0 || size < 0) {
                throw in.error("memory of 0x%x bytes at 0x%x of the file", size, place);
            }
            region(start, there(place, size, "memory at 0x%x".formatted(start)));
            place = place + size < 0 ? Long.MAX_VALUE : place + size;
        }
    }

    private void region(long start, ByteReader bytes) {
        if (bytes.size() > 0 && start >= 0 && start <= Long.MAX_VALUE - bytes.size()) {
            memory.add(new Memory.Region(start, bytes.segment()));
        }
    }

    private void modules() {
        var in = stream(MODULES);
        long count = count(in, MODULE_BYTES);
        Limits.checkCount(in, "modules", count, limits.segments());
        for (long i = 0; i < count; i++) {
            long base = in.u64();
            long size = in.u32();
            in.skip(8); // checksum, time
            var name = string(in.u32());
            in.skip(MODULE_VERSION_BYTES);
            var record = location(in, "build id of a module");
            in.skip(8 + 16); // another debugging record, reserved
            if (base >= 0 && base <= Long.MAX_VALUE - size) {
                images.add(new LoadedImage(
                        name == null ? "module-0x%x".formatted(base) : imageName(name),
                        buildId(record),
                        base,
                        new AddressRange(base, base + size),
                        null));
            }
        }
    }

    private static String imageName(String path) {
        return VDSO_NAMES.contains(path) ? LoadedImage.VDSO : Texts.fileName(path);
    }

    /** Breakpad on Linux copies the first 16 bytes of a build id into the GUID as they are; newer ones write all of it. */
    private static @Nullable BuildId buildId(ByteReader record) {
        if (record.remaining() < 4) {
            return null;
        }
        long signature = record.u32();
        int most = signature == BPEL ? 64 : signature == RSDS ? 16 : 0;
        byte[] id = record.bytes((int) Math.min(most, record.remaining()));
        for (byte b : id) {
            if (b != 0) {
                return BuildId.of(id);
            }
        }
        return null;
    }

    /** Files that are mapped to be run and that no module tells of. */
    private void maps() {
        var in = stream(LINUX_MAPS);
        var files = new LinkedHashMap<String, LoadedImage>();
        for (var line : ConsoleText.lines(in)) {
            var mapping = MAPPING.matcher(line.text());
            if (!mapping.matches() || files.size() >= limits.segments()) {
                continue;
            }
            long start = Long.parseLong(mapping.group(1), 16);
            long end = Long.parseLong(mapping.group(2), 16);
            long offset = Long.parseLong(mapping.group(4), 16);
            boolean known = images.stream()
                    .anyMatch(image -> image.range() != null && image.range().contains(start));
            if (!known && mapping.group(3).contains("x") && end > start && start >= offset) {
                files.putIfAbsent(
                        mapping.group(5),
                        new LoadedImage(
                                Texts.fileName(mapping.group(5)),
                                null,
                                start - offset,
                                new AddressRange(start, end),
                                null));
            }
        }
        images.addAll(files.values());
    }

    /** The number of entries of a list, whose count may be followed by four bytes of padding. */
    private static long count(ByteReader in, int entryBytes) {
        if (in.remaining() < 4) {
            return 0;
        }
        long count = in.u32();
        if (in.remaining() == 4 + count * entryBytes) {
            in.skip(4);
        }
        if (count > in.remaining() / entryBytes) {
            throw in.error("%d entries of %d bytes in %d bytes", count, entryBytes, in.remaining());
        }
        return count;
    }

    private ByteReader location(ByteReader in, String what) {
        long size = in.u32();
        long place = in.u32();
        return there(place, size, what);
    }

    private ByteReader there(long place, long size, String what) {
        long there = Math.clamp(file.size() - place, 0, size);
        if (there < size) {
            warnings.add(
                    "Damaged after byte %d: of %d bytes (%s) %d are there".formatted(file.size(), size, what, there));
        }
        return file.slice(what, Math.min(place, file.size()), there);
    }

    /** A length in bytes, then UTF-16; nothing where it is not in the file. */
    private @Nullable String string(long place) {
        if (place <= 0 || place > file.size() - 4) {
            return null;
        }
        var in = file.copy().seek(place);
        long bytes = in.u32();
        if (bytes > Math.min(MOST_NAME_BYTES, in.remaining())) {
            return null;
        }
        return ConsoleText.printable(new String(in.bytes((int) bytes), StandardCharsets.UTF_16LE));
    }
}
