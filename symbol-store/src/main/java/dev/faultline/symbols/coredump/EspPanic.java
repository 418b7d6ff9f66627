package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an ESP-IDF console says about one crash: the reason, registers and, by the processor, a backtrace that the device
 * walked itself or a piece of the stack.
 */
final class EspPanic {
    private static final Pattern GURU =
            Pattern.compile("Guru Meditation Error: Core +(\\d) panic'ed \\(([^)]{1,80})\\)");
    private static final Pattern CORE = Pattern.compile("Core +(\\d) register dump");
    private static final Pattern REGISTER =
            Pattern.compile("\\b([A-Z][A-Z0-9]{1,8}(?:/FP)?) *: *0x([0-9a-fA-F]{8})\\b");
    private static final Pattern TRAP = Pattern.compile("MEPC +: 0x");
    private static final Pattern BACKTRACE = Pattern.compile("Backtrace: ?((?:0x[0-9a-fA-F]{8}:0x[0-9a-fA-F]{8} ?)+)");
    private static final Pattern STACK_ROW = Pattern.compile("^(?:0x)?([0-9a-f]{8}): ((?:0x[0-9a-f]{8} ?){1,8})");
    private static final Pattern FILE_HASH = Pattern.compile("ELF file SHA256: +([0-9a-f]{8,64})");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,64}");
    private static final Pattern END = Pattern.compile("^Rebooting\\.\\.\\.|^ets [A-Z]|^ESP-ROM:|^rst:0x|CPU halted");

    /** Words that say why without the banner: each is said once a crash. */
    private static final Pattern TOLD = Pattern.compile("(abort\\(\\) was called at PC 0x[0-9a-f]{8} on core \\d"
            + "|assert failed: .*"
            + "|Task watchdog got triggered.*"
            + "|Interrupt wdt timeout on CPU\\d"
            + "|Stack canary watchpoint triggered \\([^)]*\\)"
            + "|A stack overflow in task \\S+ has been detected"
            + "|Brownout detector was triggered)");

    /** Most rows of stack memory: 1024 bytes are printed, some builds print more. */
    private static final int MOST_ROWS = 4096;

    private final LastLines lines;
    private final List<Core> cores = new ArrayList<>();
    private @Nullable String banner;
    private @Nullable String told;
    private @Nullable String hash;
    private int rows;

    /** One processor core of the chip. */
    private static final class Core {
        private final int number;
        private final Map<String, Long> registers = new HashMap<>();
        private final List<DeviceFrame> frames = new ArrayList<>();
        private final List<Memory.Region> stack = new ArrayList<>();

        private Core(int number) {
            this.number = number;
        }
    }

    private EspPanic(Limits limits) {
        this.lines = new LastLines(limits);
    }

    /** A console that has said nothing yet. */
    static EspPanic none(Limits limits) {
        return new EspPanic(limits);
    }

    /** Whether the text is the beginning of a SHA-256 as the build cuts it. */
    static boolean isFileHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** Whether the device starts again with this line. */
    static boolean ends(String line) {
        return END.matcher(line).find();
    }

    /** Whether the line begins the report of a crash; words that may come before the banner do as well. */
    static boolean begins(String line) {
        return GURU.matcher(line).find()
                || TOLD.matcher(line).find()
                || BACKTRACE.matcher(line).find()
                || TRAP.matcher(line).find();
    }

    static boolean isBanner(String line) {
        return GURU.matcher(line).find();
    }

    void line(String line) {
        lines.add(line);
        var guru = GURU.matcher(line);
        if (guru.find()) {
            banner = guru.group(2);
        }
        var words = TOLD.matcher(line);
        if (told == null && words.find()) {
            told = words.group(1).strip();
        }
        var file = FILE_HASH.matcher(line);
        if (file.find()) {
            hash = file.group(1);
        }
        var dump = CORE.matcher(line);
        if (dump.find()) {
            cores.add(new Core(Integer.parseInt(dump.group(1))));
        }
        var register = REGISTER.matcher(line);
        while (register.find()) {
            core().registers.putIfAbsent(name(register.group(1)), HexFormat.fromHexDigitsToLong(register.group(2)));
        }
        var backtrace = BACKTRACE.matcher(line);
        if (backtrace.find()) {
            frames(backtrace.group(1));
        }
        var row = STACK_ROW.matcher(line);
        if (row.find() && rows++ < MOST_ROWS) {
            core().stack.add(row(row.group(1), row.group(2)));
        }
    }

    private Core core() {
        if (cores.isEmpty()) {
            cores.add(new Core(0));
        }
        return cores.getLast();
    }

    private static String name(String printed) {
        return switch (printed) {
            case "MEPC" -> "pc";
            case "S0/FP" -> "s0";
            default -> printed.toLowerCase(Locale.ROOT);
        };
    }

    /** The firmware has made each pc that of the call: it is looked up as it is. */
    private void frames(String pairs) {
        var frames = core().frames;
        if (!frames.isEmpty()) {
            return;
        }
        for (var pair : pairs.strip().split(" ", -1)) {
            long pc = HexFormat.fromHexDigitsToLong(pair, 2, 10);
            frames.add(new DeviceFrame(pc, true));
        }
    }

    private static Memory.Region row(String address, String words) {
        var values = words.strip().split(" ", -1);
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            bytes.putInt(HexFormat.fromHexDigits(value, 2, 10));
        }
        return new Memory.Region(HexFormat.fromHexDigitsToLong(address), MemorySegment.ofArray(bytes.array()));
    }

    /** The lines heard; they are given once. */
    List<String> text() {
        return lines.take();
    }

    /** Who crashed, as the dump says it or else as was heard. */
    DumpIdentity identity(@Nullable String dumpedReason, @Nullable String dumpedMessage) {
        var message = dumpedMessage != null ? dumpedMessage : told;
        var reason = dumpedReason != null ? dumpedReason : reason(message == null ? banner : message);
        return new DumpIdentity(null, null, null, null, null, reason, message, null);
    }

    /** The firmware, by the dump's hash or else by the one heard; and the ROM, where the chip is known. */
    List<LoadedImage> images(@Nullable String dumped, Optional<EspChip> chip) {
        var firmware = new LoadedImage("firmware", null, 0, null, dumped != null ? dumped : hash);
        return Stream.concat(Stream.of(firmware), chip.flatMap(EspChip::rom).stream())
                .toList();
    }

    /** What came from less certain places. */
    List<String> warnings(boolean hashWanted) {
        return hashWanted && hash != null
                ? List.of("Which build crashed is known from a line of the console only (ELF file SHA256: %s)"
                        .formatted(hash))
                : List.of();
    }

    /** The reason that some words tell; absent where the processor's own cause counts. */
    static @Nullable String reason(@Nullable String words) {
        if (words == null) {
            return null;
        }
        var text = words.toLowerCase(Locale.ROOT);
        if (text.contains("assert failed")) {
            return "assert";
        }
        if (text.contains("watchdog got triggered") || text.contains("wdt timeout")) {
            return "watchdog";
        }
        if (text.contains("stack overflow") || text.contains("stack canary") || text.contains("stack protection")) {
            return "stack-overflow";
        }
        if (text.contains("brownout")) {
            return "brown-out";
        }
        return text.contains("abort()") ? "panic" : null;
    }

    /** Whether there is a crash in it. */
    boolean isCrash() {
        return !cores.isEmpty() || banner != null || told != null;
    }

    /** A crash of which nothing but text is there. */
    Coredump coredump(String format) {
        boolean riscv = cores.stream().anyMatch(core -> core.registers.containsKey("ra") || !core.stack.isEmpty());
        Architecture architecture = riscv ? new RiscV(4) : new Xtensa();
        var regions = new ArrayList<Memory.Region>();
        var threads = new ArrayList<DumpThread>();
        FaultState fault = new FaultState.Unrecorded();
        for (var core : cores) {
            regions.addAll(core.stack);
            boolean crashed = threads.isEmpty();
            if (crashed && !core.registers.isEmpty()) {
                fault = new FaultState.Trap(
                        RegisterList.value(core.registers, riscv ? "mcause" : "exccause"),
                        RegisterList.value(core.registers, riscv ? "mtval" : "excvaddr"));
            }
            threads.add(new DumpThread(
                    core.number,
                    cores.size() > 1 ? "core " + core.number : null,
                    crashed,
                    RegisterList.registers(architecture, core.registers),
                    null,
                    core.frames,
                    null));
        }
        var warnings = new ArrayList<>(warnings(true));
        warnings.add("Only the text of the console is there: the device sent no coredump");
        return new Coredump(
                format,
                identity(null, null),
                architecture,
                Memory.of(ByteOrder.LITTLE_ENDIAN, regions),
                threads,
                fault,
                images(null, Optional.empty()),
                text(),
                warnings);
    }
}
