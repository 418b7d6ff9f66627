package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.ExceptionReturn;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.AddressRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The notes of a device core while they are being read: threads in the order of the file, and the identity. */
final class DeviceNotes {
    static final String OWNER = "Faultline";

    private static final int NT_PRSTATUS = 1;
    private static final int IDENTITY = 1;
    private static final int LAYOUT_VERSION = 1;

    /** The identity note is at most this long (FORMAT.md). */
    private static final int IDENTITY_BYTES = 4096;

    private final PrstatusLayout layout;
    private final Limits limits;
    private final List<String> warnings;
    private final List<Status> statuses = new ArrayList<>();
    private final Map<String, String> keys = new HashMap<>();
    private boolean identified;

    /** What one NT_PRSTATUS says. */
    private record Status(long id, Registers registers) {}

    DeviceNotes(PrstatusLayout layout, Limits limits, List<String> warnings) {
        this.layout = layout;
        this.limits = limits;
        this.warnings = warnings;
    }

    List<DumpThread> threads() {
        var state = state();
        var threads = new ArrayList<DumpThread>();
        for (var status : statuses) {
            boolean crashed = threads.isEmpty();
            var registers = status.registers();
            if (!(layout.architecture() instanceof ArmCortexM)) {
                registers = registers.without(0); // of RISC-V: the constant 0
            } else if (crashed && state.frameLost()) {
                registers = withoutStacked(registers);
            } else if (crashed && state.exceptionReturn().isEmpty()) {
                registers = registers.without(ArmCortexM.R12); // not kept when the code itself asks for the dump
            }
            threads.add(new DumpThread(
                    status.id(), keys.get("thread." + status.id()), crashed, registers, stack(status.id())));
        }
        return List.copyOf(threads);
    }

    /** What the fault registers of the processor held. */
    FaultState fault() {
        return layout.architecture() instanceof ArmCortexM
                ? state()
                : new FaultState.Trap(hex("mcause"), hex("mtval"), hex("mstatus"));
    }

    private CortexMState state() {
        return new CortexMState(
                hex("msp"), hex("psp"), hex("control"), hex("exc-return"), "lost".equals(keys.get("frame")));
    }

    DumpIdentity identity() {
        return new DumpIdentity(
                keys.get("device"),
                keys.get("hardware"),
                keys.get("software"),
                keys.get("version"),
                buildId(),
                keys.get("reason"),
                keys.get("message"),
                uptime());
    }

    /** Takes a note. */
    void note(String owner, long type, ByteReader description) {
        var floats = FloatNote.rows(layout.architecture(), owner, type);
        if (!floats.isEmpty()) {
            floats(floats, description);
        } else if (owner.equals("CORE") && type == NT_PRSTATUS) {
            status(description);
        } else if (owner.equals(OWNER) && type == IDENTITY && !identified) {
            identity(description);
        } // others are not ours: vendors add their own to forwarded cores
    }

    private void status(ByteReader in) {
        if (in.size() != layout.bytes()) {
            throw in.error(
                    "NT_PRSTATUS of %d bytes; wanted %d for ELF%d %s",
                    in.size(),
                    layout.bytes(),
                    8 * layout.wordBytes(),
                    layout.architecture() instanceof ArmCortexM ? "arm" : "riscv");
        }
        Limits.checkCount(in, "threads", statuses.size() + 1L, limits.threads());
        long id = in.seek(layout.idAt()).u32();
        statuses.add(new Status(id, Registers.of(layout.architecture(), layout.read(in))));
    }

    /** Of the thread whose status came last; without them the dump is still one. */
    private void floats(List<FloatRows> rows, ByteReader in) {
        if (statuses.isEmpty()) {
            return;
        }
        var last = statuses.getLast();
        try {
            var registers = FloatRows.read(rows, in, layout.architecture().floats(), last.registers());
            statuses.set(statuses.size() - 1, new Status(last.id(), registers));
        } catch (FormatException e) {
            warnings.add("Damaged note: %s".formatted(e.getMessage()));
        }
    }

    private void identity(ByteReader in) {
        if (in.size() > IDENTITY_BYTES) {
            throw in.error("identity note of %d bytes; at most %d", in.size(), IDENTITY_BYTES);
        }
        long version = in.u32();
        if (version != LAYOUT_VERSION) {
            throw in.error("identity note of layout version %d; wanted %d", version, LAYOUT_VERSION);
        }
        identified = true;
        var text = new String(in.bytes((int) in.remaining()), StandardCharsets.UTF_8);
        for (var pair : text.split("\0", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                keys.putIfAbsent(pair.substring(0, equals), Texts.printable(pair.substring(equals + 1)));
            }
        }
    }

    private @Nullable AddressRange stack(long id) {
        var text = keys.get("thread." + id + ".stack");
        if (text == null) {
            return null;
        }
        int dash = text.indexOf('-');
        var start = dash < 0 ? OptionalLong.empty() : hexWord(text.substring(0, dash));
        var end = dash < 0 ? OptionalLong.empty() : hexWord(text.substring(dash + 1));
        if (start.isEmpty() || end.isEmpty() || start.getAsLong() >= end.getAsLong()) {
            warnings.add("Identity note: thread.%d.stack is \"%s\"; wanted 0x<start>-0x<end>".formatted(id, text));
            return null;
        }
        return new AddressRange(start.getAsLong(), end.getAsLong());
    }

    private OptionalLong hex(String key) {
        var text = keys.get(key);
        if (text == null) {
            return OptionalLong.empty();
        }
        var value = hexWord(text);
        if (value.isEmpty()) {
            warnings.add("Identity note: %s is \"%s\"; wanted 0x and up to %d hexadecimal digits"
                    .formatted(key, text, 2 * layout.wordBytes()));
        }
        return value;
    }

    private OptionalLong hexWord(String text) {
        boolean fits = text.matches("0[xX][0-9a-fA-F]{1,%d}".formatted(2 * layout.wordBytes()));
        return fits ? OptionalLong.of(HexFormat.fromHexDigitsToLong(text, 2, text.length())) : OptionalLong.empty();
    }

    private @Nullable BuildId buildId() {
        var text = keys.get("build-id");
        if (text == null) {
            return null;
        }
        try {
            return BuildId.parse(text);
        } catch (IllegalArgumentException e) {
            warnings.add("Identity note: build-id is \"%s\"; wanted hexadecimal".formatted(text));
            return null;
        }
    }

    private @Nullable Long uptime() {
        var text = keys.get("uptime-ms");
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,18}")) {
            warnings.add("Identity note: uptime-ms is \"%s\"; wanted decimal digits".formatted(text));
            return null;
        }
        return Long.valueOf(text);
    }

    /** Without what the processor pushes when an exception begins. */
    private static Registers withoutStacked(Registers registers) {
        var left = registers.withoutFloats();
        for (int register : ExceptionReturn.STACKED) {
            left = left.without(register);
        }
        return left;
    }
}
