package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The notes of a Linux core while they are being read: threads in the order of the file, the signal, what was mapped. */
final class LinuxNotes {
    private static final int NT_PRSTATUS = 1;
    private static final int NT_PRPSINFO = 3;
    private static final int NT_AUXV = 6;
    private static final int NT_SIGINFO = 0x53494749;
    private static final int NT_FILE = 0x46494c45;
    private static final int NT_ARM_PAC_MASK = 0x406;

    private static final int SIGILL = 4;
    private static final int SIGTRAP = 5;
    private static final int SIGBUS = 7;
    private static final int SIGFPE = 8;
    private static final int SIGSEGV = 11;

    /** User addresses of AArch64 are at least that wide, whatever is mapped: 39 bits are the smallest choice of Linux. */
    private static final int LEAST_ADDRESS_BITS = 39;

    private static final int MOST_ADDRESS_BITS = 52;

    /** Pairs of the auxiliary vector; the kernel has some 20. */
    private static final int MOST_AUXILIARY = 256;

    private final PrstatusLayout layout;
    private final Limits limits;
    private final List<String> warnings;
    private final List<Status> statuses = new ArrayList<>();
    private final Map<Long, Long> auxiliary = new HashMap<>();
    private final List<MappedFile> files = new ArrayList<>();
    private @Nullable CrashedProcess process;
    private FaultState.@Nullable Signal signal;
    private OptionalLong pacMask = OptionalLong.empty();
    private boolean tooMany;

    /** What one NT_PRSTATUS says. */
    private record Status(long id, int signal, Registers registers) {}

    /** What NT_PRPSINFO says. */
    private record CrashedProcess(long id, String name) {}

    /** A row of NT_FILE; {@code offset} in bytes. */
    record MappedFile(long start, long end, long offset, String path) {}

    LinuxNotes(PrstatusLayout layout, Limits limits, List<String> warnings) {
        this.layout = layout;
        this.limits = limits;
        this.warnings = warnings;
    }

    /** Takes a note; one that is broken is a warning, those after it still count. */
    void note(String owner, long type, ByteReader description) {
        try {
            var floats = FloatNote.rows(layout.architecture(), owner, type);
            if (!floats.isEmpty()) {
                floats(floats, description);
            } else if (owner.equals("CORE")) {
                ofKernel(type, description);
            } else if (owner.equals("LINUX") && type == NT_ARM_PAC_MASK && pacMask.isEmpty()) {
                description.skip(8); // of data pointers
                pacMask = OptionalLong.of(description.u64());
            } // others are not ours: vendors add their own to forwarded cores
        } catch (FormatException e) {
            warnings.add("Damaged note: %s".formatted(e.getMessage()));
        }
    }

    private void ofKernel(long type, ByteReader description) {
        if (type == NT_PRSTATUS) {
            status(description);
        } else if (type == NT_PRPSINFO && process == null) {
            process(description);
        } else if (type == NT_SIGINFO && signal == null) {
            signal(description);
        } else if (type == NT_AUXV && auxiliary.isEmpty()) {
            auxiliary(description);
        } else if (type == NT_FILE && files.isEmpty()) {
            files(description);
        }
    }

    private void status(ByteReader in) {
        if (in.size() != layout.bytes()) {
            throw in.error(
                    "NT_PRSTATUS of %d bytes; wanted %d for %s",
                    in.size(), layout.bytes(), layout.architecture().label());
        }
        if (statuses.size() == limits.threads()) {
            if (!tooMany) {
                warnings.add("Number of threads exceeds the limit of %d: the others are left out"
                        .formatted(limits.threads()));
                tooMany = true;
            }
            return;
        }
        int number = in.seek(layout.signalAt()).u16();
        long id = in.seek(layout.idAt()).u32();
        statuses.add(new Status(id, number, Registers.of(layout.architecture(), layout.read(in))));
    }

    /** Of the thread whose status came last. */
    private void floats(List<FloatRows> rows, ByteReader in) {
        if (!statuses.isEmpty() && !tooMany) {
            var last = statuses.getLast();
            var registers = FloatRows.read(rows, in, layout.architecture().floats(), last.registers());
            statuses.set(statuses.size() - 1, new Status(last.id(), last.signal(), registers));
        }
    }

    /** {@code struct elf_prpsinfo}: flags and ids are wider on 64 bits, 16-bit ids are only on 32-bit Arm and x86. */
    private void process(ByteReader in) {
        boolean is64Bit = layout.wordBytes() == 8;
        int idAt = is64Bit ? 24 : in.size() == 124 ? 12 : 16;
        long id = in.seek(idAt).u32();
        in.seek(idAt + 16L);
        process = new CrashedProcess(id, Texts.printable(text(in.bytes(16))));
    }

    private void signal(ByteReader in) {
        int number = in.i32();
        in.skip(4); // si_errno
        int code = in.i32();
        in.seek(layout.wordBytes() == 8 ? 16 : 12);
        boolean hasAddress = code > 0 && isFault(number); // else a process sent it: its ids are there
        signal = new FaultState.Signal(
                number,
                OptionalLong.of(code),
                hasAddress ? OptionalLong.of(in.unsigned(layout.wordBytes())) : OptionalLong.empty());
    }

    private static boolean isFault(int number) {
        return number == SIGILL || number == SIGTRAP || number == SIGBUS || number == SIGFPE || number == SIGSEGV;
    }

    private void auxiliary(ByteReader in) {
        int word = layout.wordBytes();
        while (in.remaining() >= 2L * word && auxiliary.size() < MOST_AUXILIARY) {
            long tag = in.unsigned(word);
            if (tag == 0) {
                return;
            }
            auxiliary.put(tag, in.unsigned(word));
        }
    }

    private void files(ByteReader in) {
        int word = layout.wordBytes();
        long count = in.unsigned(word);
        Limits.checkCount(in, "mapped files", count, (int) Math.min(in.size() / (3L * word), Integer.MAX_VALUE));
        long page = in.unsigned(word);
        var names = in.copy();
        names.skip(count * 3 * word);
        for (int i = 0; i < count; i++) {
            long start = in.unsigned(word);
            long end = in.unsigned(word);
            long offset = in.unsigned(word) * page;
            files.add(new MappedFile(start, end, offset, names.string(limits)));
        }
    }

    List<MappedFile> files() {
        return files;
    }

    /** A value of the auxiliary vector. */
    OptionalLong auxiliary(long tag) {
        var value = auxiliary.get(tag);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** What the process is called, where the core says it. */
    @Nullable
    String processName() {
        return process == null || process.name().isEmpty() ? null : process.name();
    }

    /** The processor; the width of signed pointers by its note, else by the highest address in use. */
    Architecture architecture(Memory memory) {
        if (!(layout.architecture() instanceof AArch64)) {
            return layout.architecture();
        }
        return new AArch64(pacMask.orElseGet(() -> maskAbove(memory)));
    }

    private static long maskAbove(Memory memory) {
        long highest = 0;
        for (var region : memory.regions()) {
            highest = Math.max(highest, region.end() - 1);
        }
        int bits = Math.clamp(64 - Long.numberOfLeadingZeros(highest), LEAST_ADDRESS_BITS, MOST_ADDRESS_BITS);
        return (1L << 55) - (1L << bits);
    }

    /** The one that got the signal first, as the kernel and gdb write it; only the main thread has a name. */
    List<DumpThread> threads() {
        var threads = new ArrayList<DumpThread>();
        for (var status : statuses) {
            boolean isMain = process != null && process.id() == status.id();
            threads.add(new DumpThread(
                    status.id(), isMain ? processName() : null, threads.isEmpty(), status.registers(), null));
        }
        return List.copyOf(threads);
    }

    /** NT_SIGINFO, else the signal that the first thread stopped at. */
    FaultState fault() {
        if (signal != null) {
            return signal;
        }
        int number = statuses.isEmpty() ? 0 : statuses.getFirst().signal();
        return number == 0
                ? new FaultState.Unrecorded()
                : new FaultState.Signal(number, OptionalLong.empty(), OptionalLong.empty());
    }

    /** What the core says of itself: which build its program is. A process's name is no software type. */
    DumpIdentity identity(List<LoadedImage> images) {
        var buildId = images.isEmpty() ? null : images.getFirst().buildId();
        return new DumpIdentity(null, null, null, null, buildId, null, null, null);
    }

    private static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
