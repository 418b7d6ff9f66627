package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A console log of Zephyr with fatal errors and no coredump: registers, and by the processor a call trace. */
public record ZephyrFaultText() implements CoredumpFormat {
    private static final String MARK = "ZEPHYR FATAL ERROR";

    @Override
    public String name() {
        return "zephyr-fault-text";
    }

    @Override
    public String description() {
        return "a log with a fatal error of Zephyr (ZEPHYR FATAL ERROR)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return ConsoleText.isTextWith(file, MARK);
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var reading = new Reading(name(), limits);
        for (var line : ConsoleText.lines(file)) {
            reading.line(line.text());
        }
        reading.end();
        if (reading.coredumps.isEmpty()) {
            throw file.error("no fatal error of the log can be read");
        }
        return reading.coredumps;
    }

    private static final class Reading {
        private static final Pattern REGISTER =
                Pattern.compile("([A-Za-z][A-Za-z0-9_]*(?:/[a-z0-9]+)?)\\)?: +(?:0x)?([0-9a-fA-F]{8,16})\\b");
        /** Printed in decimal. */
        private static final Pattern CAUSE = Pattern.compile("\\bmcause: +(0x[0-9a-fA-F]{1,15}|[0-9]{1,10})\\b");

        /** Printed in hexadecimal without a prefix and without zeros in front. */
        private static final Pattern TRAP_VALUE = Pattern.compile("\\bmtval: +(?:0x)?([0-9a-fA-F]{1,16})\\b");

        private static final Pattern CALL_TRACE = Pattern.compile("call trace:");
        private static final Pattern COUNTER = Pattern.compile("\\b[ER]IP: ");
        private static final Pattern RETURN = Pattern.compile(
                "(?:\\d+: (?:sp|fp): [0-9a-fA-Fx]{8,18} +(?:ra|lr): |: +)(?:0x)?([0-9a-fA-F]{8,16})\\b(?! \\w+:)");

        private final String format;
        private final Limits limits;
        private final ZephyrConsole.Listener console;
        private final List<Coredump> coredumps = new ArrayList<>();
        private final Map<String, Long> registers = new HashMap<>();
        private final List<DeviceFrame> trace = new ArrayList<>();
        private boolean tracing;
        private boolean wide;
        private boolean fatal;

        private Reading(String format, Limits limits) {
            this.format = format;
            this.limits = limits;
            this.console = new ZephyrConsole.Listener(limits);
        }

        private void line(String line) {
            boolean thread = line.contains("Current thread:");
            if (fatal && !thread) {
                // what follows belongs to the next crash; Zephyr says no more than the thread after the banner
                end();
            }
            if (tracing && trace(line)) {
                console.add(line);
                return;
            }
            // x86 puts the instruction itself between the head and the return addresses
            tracing = CALL_TRACE.matcher(line).find()
                    || (tracing && COUNTER.matcher(line).find());
            if (!thread) {
                registers(line);
            }
            fatal |= console.add(line);
        }

        private void registers(String line) {
            var register = REGISTER.matcher(line);
            while (register.find() && registers.size() < 128) {
                wide |= register.group(2).length() > 8;
                registers.put(name(register.group(1)), HexFormat.fromHexDigitsToLong(register.group(2)));
            }
            var cause = CAUSE.matcher(line);
            if (cause.find()) {
                registers.put("mcause", Long.decode(cause.group(1)));
            }
            var value = TRAP_VALUE.matcher(line);
            if (value.find()) {
                registers.put("mtval", HexFormat.fromHexDigitsToLong(value.group(1)));
            }
        }

        private boolean trace(String line) {
            var next = RETURN.matcher(line);
            if (!next.find() || COUNTER.matcher(line).find()) {
                return false;
            }
            if (trace.size() < limits.frames()) {
                trace.add(new DeviceFrame(HexFormat.fromHexDigitsToLong(next.group(1)), false));
            }
            return true;
        }

        /** {@code r0/a1} is r0. */
        private static String name(String printed) {
            int slash = printed.indexOf('/');
            var name =
                    printed.substring(0, slash < 0 ? printed.length() : slash).toLowerCase(Locale.ROOT);
            return switch (name) {
                case "r14" -> "lr";
                case "r15", "mepc", "elr_eln" -> "pc";
                default -> name;
            };
        }

        private void end() {
            if (!fatal) {
                return;
            }
            if (coredumps.size() == ZephyrLog.MOST) {
                throw new FormatException(
                        "coredump at 0x0: more than %d fatal errors in one log".formatted(ZephyrLog.MOST));
            }
            coredumps.add(coredump(console.take()));
            registers.clear();
            trace.clear();
            tracing = false;
            wide = false;
            fatal = false;
        }

        private Coredump coredump(ZephyrConsole said) {
            var architecture = architecture();
            var known = RegisterList.registers(architecture, registers);
            var frames = frames(architecture, known.get(architecture.programCounter()));
            var warnings = new ArrayList<>(said.warnings());
            warnings.add("Only the text of the console is there: the device sent no coredump");
            int code = said.reason() == null ? 0 : said.reason();
            return new Coredump(
                    format,
                    said.identity(ZephyrReason.word(architecture instanceof ArmCortexM ? 3 : 0, code)),
                    architecture,
                    Memory.of(ByteOrder.LITTLE_ENDIAN, List.of()),
                    frames.isEmpty()
                            ? List.of()
                            : List.of(new DumpThread(
                                    said.thread().orElse(0), said.threadName(), true, known, null, frames, null)),
                    fault(architecture),
                    List.of(new LoadedImage("firmware", null, 0)),
                    said.text(),
                    warnings);
        }

        private Architecture architecture() {
            if (registers.containsKey("mcause") || registers.containsKey("mstatus")) {
                return new RiscV(wide ? 8 : 4);
            }
            if (registers.containsKey("eip")) {
                return new X86();
            }
            if (registers.containsKey("rip")) {
                return new X86_64();
            }
            return registers.containsKey("x0") || registers.containsKey("esr_eln") ? new AArch64() : new ArmCortexM();
        }

        private FaultState fault(Architecture architecture) {
            return switch (architecture) {
                case RiscV any ->
                    new FaultState.Trap(
                            RegisterList.value(registers, "mcause"), RegisterList.value(registers, "mtval"));
                case AArch64 any ->
                    new FaultState.Syndrome(
                            RegisterList.value(registers, "esr_eln"), RegisterList.value(registers, "far_eln"));
                case ArmCortexM() -> CortexMState.UNKNOWN;
                default -> new FaultState.Unrecorded();
            };
        }

        /** The instruction itself, and behind it what the device found, or else the link register alone. */
        private List<DeviceFrame> frames(Architecture architecture, OptionalLong counter) {
            var frames = new ArrayList<DeviceFrame>();
            if (counter.isPresent()) {
                frames.add(new DeviceFrame(architecture.instructionAddress(counter.getAsLong()), true));
            }
            if (!trace.isEmpty()) {
                frames.addAll(trace);
                return frames;
            }
            return DeviceFrames.withLink(architecture, frames, registers);
        }
    }
}
