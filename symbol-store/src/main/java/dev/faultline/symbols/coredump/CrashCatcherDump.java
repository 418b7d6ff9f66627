package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;

/** The dump of CrashCatcher on a Cortex-M: registers, then memory regions to the end of the file. */
public record CrashCatcherDump() implements CoredumpFormat {
    private static final int FLOATING_POINT = 1;

    /** s0 to s31 and fpscr. */
    private static final int FLOATING_POINT_BYTES = 33 * 4;

    private static final List<FloatRows> FLOATS = List.of(new FloatRows(0, 4, "s", 32));

    /** In the place of a region: the device found its stack overrun while it dumped. */
    private static final long STACK_SENTINEL = 0xacce_55edL;

    private static final RegisterList REGISTERS = RegisterList.of(4, "r0-r12 sp lr pc xpsr");
    private static final RegisterList STACK_POINTERS = RegisterList.of(4, "msp psp");

    @Override
    public String name() {
        return "crash-catcher";
    }

    @Override
    public String description() {
        return "a CrashCatcher dump (cC)";
    }

    @Override
    public boolean begins(ByteReader file) {
        if (file.size() < 8 || file.seek(0).u8() != 0x63 || file.u8() != 0x43) {
            return false;
        }
        int major = file.u8();
        file.skip(1);
        return (major == 2 || major == 3) && file.u32() <= FLOATING_POINT;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        return List.of(read(file.copy().seek(2), name(), List.of(), limits));
    }

    /** Reads behind the two letters of the signature. */
    static Coredump read(ByteReader in, String format, List<String> damage, Limits limits) {
        var warnings = new ArrayList<>(damage);
        int major = in.u8();
        in.skip(1);
        boolean floatingPoint = (in.u32() & FLOATING_POINT) != 0;
        var words = new HashMap<>(REGISTERS.read(in));
        if (words.size() < REGISTERS.names().size()) {
            throw in.error("a CrashCatcher dump that ends in its registers");
        }
        if (major >= 3) {
            words.putAll(STACK_POINTERS.read(in));
        }
        if (in.remaining() >= 4) {
            in.skip(4); // xPSR of the exception handler
        }
        var registers = RegisterList.registers(new ArmCortexM(), words);
        if (floatingPoint && in.remaining() >= FLOATING_POINT_BYTES) {
            var floats = in.take("floating-point registers", FLOATING_POINT_BYTES);
            registers = FloatRows.read(FLOATS, floats, new ArmCortexM().floats(), registers);
        } else if (floatingPoint) {
            in.skip(in.remaining());
        }
        var memory = memory(in, warnings, limits);
        return new Coredump(
                format,
                new DumpIdentity(null, null, null, null, null, null, null, null),
                new ArmCortexM(),
                memory,
                List.of(new DumpThread(0, null, true, registers, null)),
                new CortexMState(
                        RegisterList.value(words, "msp"),
                        RegisterList.value(words, "psp"),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        false),
                List.of(new LoadedImage("firmware", null, 0)),
                List.of(),
                warnings);
    }

    private static Memory memory(ByteReader in, List<String> warnings, Limits limits) {
        var regions = new ArrayList<Memory.Region>();
        while (in.remaining() >= 8) {
            Limits.checkCount(in, "memory regions", regions.size() + 1L, limits.segments());
            long at = in.position();
            long start = in.u32();
            if (start == STACK_SENTINEL) {
                in.seek(at);
                break;
            }
            long end = in.u32();
            if (end < start) {
                warnings.add("Damaged after byte %d: memory from 0x%08x to 0x%08x".formatted(at, start, end));
                return Memory.of(ByteOrder.LITTLE_ENDIAN, regions);
            }
            long there = Math.min(end - start, in.remaining());
            if (there < end - start) {
                warnings.add("Damaged after byte %d: of %d bytes at 0x%08x %d are there"
                        .formatted(in.size(), end - start, start, there));
            }
            if (there > 0) {
                regions.add(new Memory.Region(start, in.take("memory", there).segment()));
            }
        }
        if (in.remaining() >= 4 && in.u32() == STACK_SENTINEL) {
            warnings.add("The stack of the fault handler was overrun while the device wrote the dump: memory may be"
                    + " wrong");
        }
        if (in.hasRemaining()) {
            warnings.add("Damaged after byte %d: half the header of a memory region".formatted(in.position()));
        }
        return Memory.of(ByteOrder.LITTLE_ENDIAN, regions);
    }
}
