package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.AddressRange;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The binary payload of an ESP-IDF coredump: tasks with their control blocks and stacks, then memory. */
final class EspBinaryPayload {
    private static final RegisterList EXCEPTION =
            RegisterList.of(4, "exit pc ps a0-a15 sar exccause excvaddr lbeg lend lcount");
    private static final RegisterList EXCEPTION_WITHOUT_LOOPS =
            RegisterList.of(4, "exit pc ps a0-a15 sar exccause excvaddr");

    /** Of a task that gave up the processor itself; its caller's registers are in the save area. */
    private static final RegisterList SOLICITED = RegisterList.of(4, "exit pc ps next a0-a3");

    private static final RegisterList RISC_V =
            RegisterList.of(4, "pc ra sp gp tp t0-t2 s0 s1 a0-a7 s2-s11 t3-t6 mstatus mtvec mcause mtval mhartid");

    private final ByteReader in;
    private final EspHeader header;
    private final Limits limits;
    private final List<String> warnings;
    private final List<DumpThread> threads = new ArrayList<>();
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
        return new Coredump(
                format,
                console.identity(null, null),
                header.chip().architecture(),
                Memory.of(ByteOrder.LITTLE_ENDIAN, payload.memory),
                payload.threads,
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
        var words = architecture instanceof Xtensa ? xtensa(frame) : RISC_V.read(frame);
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

    private Map<String, Long> xtensa(ByteReader frame) {
        boolean solicited = frame.remaining() >= 4 && frame.copy().u32() == 0;
        if (solicited) {
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
