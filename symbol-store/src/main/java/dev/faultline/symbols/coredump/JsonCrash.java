package dev.faultline.symbols.coredump;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One report in JSON while it is being read. */
final class JsonCrash {
    private static final List<Architecture> ARCHITECTURES = List.of(
            new ArmCortexM(),
            new Xtensa(),
            new RiscV(4),
            new RiscV(8),
            new Arm32(),
            new AArch64(),
            new X86(),
            new X86_64());

    private static final int MOST_TEXT = 4096;

    private final JsonNode root;
    private final ByteReader file;
    private final Limits limits;
    private final List<String> warnings = new ArrayList<>();
    private final Architecture architecture;

    JsonCrash(JsonNode root, ByteReader file, Limits limits) {
        this.root = root;
        this.file = file;
        this.limits = limits;
        var format = root.path("format").asText();
        if (!format.equals(JsonReport.FORMAT)) {
            throw file.error("format is \"%s\"; wanted \"%s\"", ConsoleText.printable(format), JsonReport.FORMAT);
        }
        this.architecture = architecture();
    }

    Coredump coredump() {
        var memory = memory();
        var threads = threads(memory.isEmpty());
        var fault = fault(threads);
        var software = text(root, "software");
        var id = buildId();
        return new Coredump(
                JsonReport.FORMAT,
                new DumpIdentity(
                        text(root, "device"),
                        text(root, "hardware"),
                        software,
                        text(root, "version"),
                        id,
                        text(root, "reason"),
                        text(root, "message"),
                        uptime()),
                architecture,
                Memory.of(ByteOrder.LITTLE_ENDIAN, memory),
                threads,
                fault,
                List.of(new LoadedImage(software == null ? "firmware" : software, id, 0, null, fileHash())),
                log(),
                warnings);
    }

    private Architecture architecture() {
        var label = root.path("architecture").asText();
        for (var known : ARCHITECTURES) {
            if (known.label().equals(label)) {
                return known;
            }
        }
        throw file.error(
                "architecture is \"%s\"; wanted one of %s",
                ConsoleText.printable(label),
                ARCHITECTURES.stream().map(Architecture::label).collect(Collectors.joining(", ")));
    }

    private List<DumpThread> threads(boolean noMemory) {
        var threads = new ArrayList<DumpThread>();
        if (root.has("threads")) {
            for (var thread : array(root, "threads")) {
                Limits.checkCount(file, "threads", threads.size() + 1L, limits.threads());
                threads.add(thread(thread, thread.path("crashed").asBoolean(false), noMemory));
            }
            threads.sort((one, other) -> Boolean.compare(other.crashed(), one.crashed()));
        } else if (root.has("frames") || root.has("registers")) {
            threads.add(thread(root, true, noMemory));
        }
        return threads;
    }

    private DumpThread thread(JsonNode node, boolean crashed, boolean noMemory) {
        var words = registers(node);
        var frames = new ArrayList<DeviceFrame>();
        for (var frame : array(node, "frames")) {
            Limits.checkCount(file, "frames", frames.size() + 1L, limits.frames());
            boolean exact = frame.path("exact").asBoolean(frames.isEmpty());
            var pc = number("frames", frame.isObject() ? frame.path("pc") : frame);
            frames.add(new DeviceFrame(architecture.instructionAddress(pc), exact));
        }
        var known = RegisterList.registers(architecture, words);
        var counter = known.get(architecture.programCounter());
        List<DeviceFrame> all = frames;
        if (frames.isEmpty() && noMemory && counter.isPresent()) {
            frames.add(new DeviceFrame(architecture.instructionAddress(counter.getAsLong()), true));
            all = DeviceFrames.withLink(architecture, frames, words);
        }
        long id = node.has("id") ? number("id", node.path("id")) : 0;
        return new DumpThread(id, text(node, "name"), crashed, known, null, all, null);
    }

    private Map<String, Long> registers(JsonNode node) {
        var words = new LinkedHashMap<String, Long>();
        for (var register : node.path("registers").properties()) {
            var name = register.getKey().toLowerCase(Locale.ROOT);
            long value = number("register " + ConsoleText.printable(name), register.getValue());
            words.put(name, value);
            if (!architecture.registerNames().contains(name) && !SPECIAL.contains(name)) {
                warnings.add("The report has a register \"%s\", which %s has not"
                        .formatted(ConsoleText.printable(name), architecture.label()));
            }
            Limits.checkCount(file, "registers", words.size(), MOST_REGISTERS);
        }
        return words;
    }

    private static final int MOST_REGISTERS = 256;
    private static final List<String> SPECIAL =
            List.of("mcause", "mtval", "exccause", "excvaddr", "esr", "far", "msp", "psp", "control", "exc_return");

    private FaultState fault(List<DumpThread> threads) {
        var words = registers(threads.isEmpty() || !root.has("threads") ? root : crashed());
        return switch (architecture) {
            case ArmCortexM() ->
                new CortexMState(
                        value(words, "msp"),
                        value(words, "psp"),
                        value(words, "control"),
                        value(words, "exc_return"),
                        false);
            case RiscV any -> new FaultState.Trap(value(words, "mcause"), value(words, "mtval"));
            case Xtensa() -> new FaultState.Trap(value(words, "exccause"), value(words, "excvaddr"));
            case AArch64 any -> new FaultState.Syndrome(value(words, "esr"), value(words, "far"));
            case Arm32 _, X86 _, X86_64 _ -> new FaultState.Unrecorded();
        };
    }

    private JsonNode crashed() {
        for (var thread : root.path("threads")) {
            if (thread.path("crashed").asBoolean(false)) {
                return thread;
            }
        }
        return root;
    }

    private static OptionalLong value(Map<String, Long> words, String name) {
        return RegisterList.value(words, name);
    }

    private List<Memory.Region> memory() {
        var regions = new ArrayList<Memory.Region>();
        for (var region : array(root, "memory")) {
            Limits.checkCount(file, "memory regions", regions.size() + 1L, limits.segments());
            long address = number("memory address", region.path("address"));
            try {
                byte[] bytes = Base64.getDecoder().decode(region.path("bytes").asText());
                if (bytes.length > 0) {
                    regions.add(new Memory.Region(address, MemorySegment.ofArray(bytes)));
                }
            } catch (IllegalArgumentException e) {
                warnings.add("The memory at 0x%08x is no base64 and is left out".formatted(address));
            }
        }
        return regions;
    }

    private List<String> log() {
        var lines = new LastLines(limits);
        for (var line : array(root, "log")) {
            lines.add(ConsoleText.printable(line.asText()));
        }
        return lines.take();
    }

    private Iterable<JsonNode> array(JsonNode node, String field) {
        var value = node.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw file.error("%s is no array", field);
        }
        return value;
    }

    private @Nullable String text(JsonNode node, String field) {
        var value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        var text = ConsoleText.printable(value.asText());
        if (text.length() > MOST_TEXT) {
            throw file.error("%s has %d characters; at most %d are read", field, text.length(), MOST_TEXT);
        }
        return text.isBlank() ? null : text;
    }

    private @Nullable BuildId buildId() {
        var text = text(root, "buildId");
        if (text == null) {
            return null;
        }
        try {
            return BuildId.parse(text);
        } catch (IllegalArgumentException e) {
            warnings.add("buildId is \"%s\"; wanted hexadecimal".formatted(text));
            return null;
        }
    }

    private @Nullable String fileHash() {
        var text = text(root, "elfSha256");
        if (text == null) {
            return null;
        }
        var hash = text.toLowerCase(Locale.ROOT);
        if (!EspPanic.isFileHash(hash)) {
            warnings.add("elfSha256 is \"%s\"; wanted 8 to 64 hexadecimal digits".formatted(text));
            return null;
        }
        return hash;
    }

    private @Nullable Long uptime() {
        return root.has("uptimeMillis") ? Long.valueOf(number("uptimeMillis", root.path("uptimeMillis"))) : null;
    }

    /** A whole number, or hexadecimal text as {@code 0x…}; as wide as an address of the processor. */
    private long number(String what, JsonNode node) {
        var text = node.isIntegralNumber() || node.isTextual() ? node.asText() : "";
        try {
            long value = text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseUnsignedLong(text);
            if (architecture.wordBytes() == 8 || (value >= 0 && value < 1L << 32) || what.equals("uptimeMillis")) {
                if (value >= 0 || what.startsWith("register")) {
                    return value;
                }
            }
        } catch (NumberFormatException e) {
            throw bad(what, text, e);
        }
        throw bad(what, text, null);
    }

    private FormatException bad(String what, String text, @Nullable Throwable cause) {
        var error = file.error("%s is \"%s\"; wanted an address such as 0x2000", what, ConsoleText.printable(text));
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }
}
