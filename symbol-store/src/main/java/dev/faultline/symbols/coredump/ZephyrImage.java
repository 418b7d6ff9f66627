package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The bytes of a Zephyr coredump, whatever brought them: a header, then blocks in any order. */
final class ZephyrImage {
    private static final int MAGIC = 'Z' | 'E' << 8;
    private static final int MOST_TARGET = 64;

    /** The kernel's own structure, which block T holds without saying where it lay. */
    private static final String KERNEL = "_kernel";

    private final ByteReader in;
    private final Limits limits;
    private final List<String> warnings;
    private final List<Memory.Region> memory = new ArrayList<>();
    private final Map<String, MemorySegment> objects = new HashMap<>();
    private final Map<Long, ZephyrProcessor> processors = new HashMap<>();
    private @Nullable ZephyrProcessor crashed;
    private OptionalInt panicked = OptionalInt.empty();
    private final int target;
    private final int pointerBytes;
    private final int reason;

    /** Whether a header stands at the reader's position. */
    static boolean begins(ByteReader in) {
        if (in.remaining() < 12 || in.u16() != MAGIC) {
            return false;
        }
        int version = in.u16();
        int target = in.u16();
        int pointer = in.u8();
        return (version == 1 || version == 2)
                && target <= MOST_TARGET
                && (pointer == 0 || pointer == 5 || pointer == 6);
    }

    /**
     * Reads to the end of the region, or to what is no block.
     *
     * @param console what was said before it
     * @param damage what its container had to say
     */
    static Coredump read(ByteReader in, String format, ZephyrConsole console, List<String> damage, Limits limits) {
        var image = new ZephyrImage(in, damage, limits);
        image.blocks();
        return image.coredump(format, console);
    }

    private ZephyrImage(ByteReader in, List<String> damage, Limits limits) {
        this.in = in;
        this.limits = limits;
        this.warnings = new ArrayList<>(damage);
        if (in.u16() != MAGIC) {
            throw in.error("no Zephyr coredump (ZE)");
        }
        in.skip(2); // version: 1 and 2 differ in nothing here
        this.target = in.u16();
        int pointer = in.u8();
        in.skip(1); // flags: a block says itself that it is there
        // the firmware swaps 16 bits of it only, so that no more can be meant
        this.reason = in.u16();
        in.skip(2);
        this.pointerBytes = pointer == 6 || (pointer == 0 && (target == 2 || target == 6)) ? 8 : 4;
    }

    private void blocks() {
        for (int count = 0; in.hasRemaining(); count++) {
            Limits.checkCount(in, "blocks", count + 1L, limits.segments());
            long at = in.position();
            int id = in.u8();
            if (!isWholeHeader(id)) {
                warnings.add("Damaged after byte %d: %s"
                        .formatted(
                                at,
                                id == 'A' || id == 'T' || id == 'M' || id == 'F' || id == 'C'
                                        ? "half the header of a block '%c'".formatted(id)
                                        : "0x%02x begins no block".formatted(id)));
                return;
            }
            int version = in.u16();
            boolean goesOn = switch (id) {
                case 'A' -> registers(version, in.u16(), 0, true);
                case 'T' -> kernel(in.u16());
                case 'M' -> memory();
                case 'F' -> otherProcessor(version);
                default -> checksum(at);
            };
            if (!goesOn) {
                return;
            }
        }
    }

    private boolean isWholeHeader(int id) {
        int rest = switch (id) {
            case 'A', 'T' -> 4;
            case 'M' -> 2 + 2 * pointerBytes;
            case 'F' -> 8 + pointerBytes;
            case 'C' -> 6;
            default -> Integer.MAX_VALUE;
        };
        return in.remaining() >= rest;
    }

    private boolean registers(int version, int size, long cpu, boolean first) {
        long there = there(size, "registers");
        var processor = ZephyrProcessor.read(target, version, in.take("registers", there), warnings);
        if (first && crashed == null) {
            crashed = processor;
        } else if (processors.size() < limits.threads()) {
            processors.putIfAbsent(cpu, processor);
        }
        return there == size;
    }

    private boolean otherProcessor(int version) {
        int size = in.u16();
        long cpu = in.u32();
        in.skip(pointerBytes); // its thread
        if (size == 0) {
            panicked = OptionalInt.of((int) cpu);
            return true;
        }
        return registers(version, size, cpu, false);
    }

    private boolean kernel(int size) {
        long there = there(size, "_kernel");
        objects.put(KERNEL, in.take(KERNEL, there).segment());
        return there == size;
    }

    private boolean memory() {
        long start = in.unsigned(pointerBytes);
        long end = in.unsigned(pointerBytes);
        if (start < 0 || end < start) {
            warnings.add("Damaged after byte %d: memory from 0x%x to 0x%x".formatted(in.position(), start, end));
            return false;
        }
        long there = there(end - start, "memory from 0x%08x on".formatted(start));
        if (there > 0) {
            memory.add(new Memory.Region(start, in.take("memory", there).segment()));
        }
        return there == end - start;
    }

    private boolean checksum(long before) {
        long told = in.u32();
        long computed = Checksums.crc32(in, before);
        if (computed != told) {
            warnings.add("The checksum is 0x%08x, the bytes before it give 0x%08x: they are damaged or were changed"
                    .formatted(told, computed));
        }
        return true;
    }

    private long there(long size, String what) {
        long there = Math.min(size, in.remaining());
        if (there < size) {
            warnings.add(
                    "Damaged after byte %d: of %d bytes of %s %d are there".formatted(in.size(), size, what, there));
        }
        return there;
    }

    private Coredump coredump(String format, ZephyrConsole console) {
        if (crashed == null && memory.isEmpty()) {
            throw in.error(
                    "a Zephyr coredump without registers and without memory%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        warnings.addAll(console.warnings());
        var architecture = crashed == null ? byWidth() : crashed.architecture();
        return new Coredump(
                format,
                console.identity(ZephyrReason.word(target, reason)),
                architecture,
                Memory.of(ByteOrder.LITTLE_ENDIAN, memory),
                threads(console),
                crashed == null ? new FaultState.Unrecorded() : crashed.fault(),
                List.of(new LoadedImage("firmware", null, 0)),
                console.text(),
                warnings,
                objects);
    }

    private Architecture byWidth() {
        return pointerBytes == 8 ? new AArch64() : new ArmCortexM();
    }

    private List<DumpThread> threads(ZephyrConsole console) {
        var threads = new ArrayList<DumpThread>();
        if (crashed != null && !crashed.words().isEmpty()) {
            threads.add(new DumpThread(
                    console.thread().orElse(panicked.orElse(0)),
                    console.threadName(),
                    true,
                    RegisterList.registers(crashed.architecture(), crashed.words()),
                    null));
        }
        processors.forEach((cpu, processor) -> {
            if (crashed != null && processor.architecture().equals(crashed.architecture())) {
                threads.add(new DumpThread(
                        cpu,
                        "cpu " + cpu,
                        threads.isEmpty(),
                        RegisterList.registers(processor.architecture(), processor.words()),
                        null));
            }
        });
        return threads;
    }
}
