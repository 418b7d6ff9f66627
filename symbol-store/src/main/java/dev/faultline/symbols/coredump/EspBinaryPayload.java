package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.AddressRange;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The binary payload of an ESP-IDF coredump: tasks with their control blocks and stacks, then memory. */
final class EspBinaryPayload {
    private static final RegisterList EXCEPTION =
            RegisterList.of(4, "exit pc ps a0-a15 sar exccause excvaddr lbeg lend lcount");
    private static final RegisterList EXCEPTION_WITHOUT_LOOPS =
            RegisterList.of(4, "exit pc ps a0-a15 sar exccause excvaddr");

    private static final int WINDOW_BYTES = 16;

    /** Of a task that gave up the processor itself. */
    private static final RegisterList SOLICITED = RegisterList.of(4, "exit pc ps next a0-a3");

    /** {@code RvExcFrame}. */
    static final RegisterList RISC_V =
            RegisterList.of(4, "pc ra sp gp tp t0-t2 s0 s1 a0-a7 s2-s11 t3-t6 mstatus mtvec mcause mtval mhartid");

    private final ByteReader in;
    private final EspHeader header;
    private final Limits limits;
    private final List<String> warnings;
    private final List<DumpThread> threads = new ArrayList<>();

    /** Where the frames of tasks lie that gave up the processor themselves. */
    private final Map<Long, Long> solicited = new HashMap<>();

    private final List<Memory.Region> memory = new ArrayList<>();
    private FaultState fault = new FaultState.Unrecorded();

    private EspBinaryPayload(ByteReader in, EspHeader header, List<String> warnings, Limits limits) {
        this.in = in;
        this.header = header;
        this.warnings = warnings;
        this.limits = limits;
    }

    static Coredump read(
            ByteReader in, EspHeader header, String format, EspPanic console, List<String> warnings, Limits limits) {
        var payload = new EspBinaryPayload(in, header, warnings, limits);
        payload.read();
        if (payload.threads.isEmpty()) {
            throw in.error(
                    "no task of the coredump can be read%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        warnings.addAll(console.warnings(true));
        var memory = Memory.of(ByteOrder.LITTLE_ENDIAN, payload.memory);
        return new Coredump(
                format,
                console.identity(null, null),
                header.chip().architecture(),
                memory,
                payload.threads(memory),
                payload.fault,
                console.images(null, Optional.of(header.chip())),
                console.text(),
                warnings);
    }

    private void read() {
        Limits.checkCount(in, "tasks", header.tasks(), limits.threads());
        Limits.checkCount(in, "segments", header.segments(), limits.segments());
        for (long task = 0; task < header.tasks(); task++) {
            if (!task()) {
                warnings.add("Damaged after byte %d: %d of %d tasks are there"
                        .formatted(header.bytes() + in.size(), threads.size(), header.tasks()));
                return;
            }
        }
        for (long segment = 0; segment < header.segments(); segment++) {
            if (in.remaining() < 8) {
                warnings.add("Damaged after byte %d: %d of %d memory segments are there"
                        .formatted(header.bytes() + in.size(), segment, header.segments()));
                return;
            }
            long start = in.u32();
            block("memory segment", start, in.u32());
        }
    }

    /**
     * The window of who gave up the processor was spilled right below the frame, where the dump of its stack begins: only a
     * dump of all memory has it. In its place the frame has that of the caller, whose call is then the next that is known.
     */
    private List<DumpThread> threads(Memory all) {
        return threads.stream().map(thread -> yielding(thread, all)).toList();
    }

    private DumpThread yielding(DumpThread thread, Memory all) {
        var top = solicited.get(thread.id());
        var window = top == null ? Optional.<byte[]>empty() : all.bytes(top - WINDOW_BYTES, WINDOW_BYTES);
        if (top != null && window.isEmpty()) {
            warnings.add("Task 0x%08x: who called its innermost function was not captured".formatted(thread.id()));
            var callers = thread.registers().without(2).without(3);
            return new DumpThread(thread.id(), thread.name(), thread.crashed(), callers, thread.stack());
        }
        if (window.isEmpty()) {
            return thread;
        }
        var saved = ByteReader.of("spilled window", window.get()).order(ByteOrder.LITTLE_ENDIAN);
        var registers = thread.registers();
        for (int register = Xtensa.A0; register < Xtensa.A0 + WINDOW_BYTES / 4; register++) {
            registers = registers.with(register, saved.u32());
        }
        return new DumpThread(thread.id(), thread.name(), thread.crashed(), registers, thread.stack());
    }

    private boolean task() {
        if (in.remaining() < 12) {
            return false;
        }
        long controlBlock = in.u32();
        long top = in.u32();
        long end = in.u32();
        long start = Math.min(top, end);
        long size = Math.abs(end - top);
        block("task control block", controlBlock, header.taskBytes());
        var frame = block("stack of the task", start, size);
        boolean crashed = threads.isEmpty();
        var architecture = header.chip().architecture();
        var words = architecture instanceof Xtensa ? xtensa(frame, controlBlock, start) : RISC_V.read(frame);
        if (crashed) {
            fault = new FaultState.Trap(
                    RegisterList.value(words, architecture instanceof Xtensa ? "exccause" : "mcause"),
                    RegisterList.value(words, architecture instanceof Xtensa ? "excvaddr" : "mtval"));
        }
        if (!words.isEmpty()) {
            threads.add(new DumpThread(
                    controlBlock,
                    null,
                    crashed,
                    RegisterList.registers(architecture, words),
                    size > 0 ? new AddressRange(start, start + size) : null));
        }
        return in.hasRemaining() || threads.size() == header.tasks();
    }

    private Map<String, Long> xtensa(ByteReader frame, long task, long top) {
        boolean isSolicited = frame.remaining() >= 4 && frame.copy().u32() == 0;
        if (isSolicited) {
            solicited.put(task, top);
            var words = SOLICITED.read(frame);
            // where it was called from, as its caller's a0 has it: with the size of the call on top
            words.computeIfPresent("pc", (name, pc) -> new Xtensa().instructionAddress(pc));
            return words;
        }
        return (header.chip().hasLoops() ? EXCEPTION : EXCEPTION_WITHOUT_LOOPS).read(frame);
    }

    /** Bytes of the memory at {@code address}, padded to words in the file; as many as there are. */
    private ByteReader block(String what, long address, long size) {
        var bytes = in.take(what, Math.min(size, in.remaining()));
        in.align(4);
        if (bytes.size() < size) {
            warnings.add("Damaged after byte %d: of %d bytes at 0x%08x (%s) %d are there"
                    .formatted(header.bytes() + in.size(), size, address, what, bytes.size()));
        }
        if (bytes.size() > 0) {
            memory.add(new Memory.Region(address, bytes.segment()));
        }
        return bytes;
    }
}
