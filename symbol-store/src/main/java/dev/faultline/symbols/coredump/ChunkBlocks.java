package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The blocks of a chunk-protocol coredump while they are being read, in any order. */
final class ChunkBlocks {
    private static final int HEADER_BYTES = 12;
    private static final int BUILD_ID_BYTES = 20;
    private static final long ADDRESS_SPACE = 1L << 32;
    private static final long MPU_TYPE = 0xe000_ed90L;
    private static final int MPU_REGISTERS = 8;

    private final Limits limits;
    private final List<String> warnings;
    private final List<ByteReader> registers = new ArrayList<>();
    private final List<Memory.Region> memory = new ArrayList<>();
    private OptionalLong machine = OptionalLong.empty();
    private @Nullable String device;
    private @Nullable String hardware;
    private @Nullable String software;
    private @Nullable String version;
    private @Nullable BuildId buildId;
    private @Nullable String reason;

    ChunkBlocks(Limits limits, List<String> warnings) {
        this.limits = limits;
        this.warnings = warnings;
    }

    /** Reads to the end of the region, which begins at byte {@code place} of the coredump. */
    void read(ByteReader in, long place) {
        for (int count = 0; in.remaining() >= HEADER_BYTES; count++) {
            Limits.checkCount(in, "blocks", count + 1L, limits.segments());
            int type = in.u8();
            in.skip(3);
            long address = in.u32();
            long length = in.u32();
            long there = Math.min(length, in.remaining());
            if (there < length) {
                warnings.add("Damaged after byte %d: of a block of %d bytes (type %d, address 0x%08x) %d are there"
                        .formatted(place + in.size(), length, type, address, there));
            }
            block(type, address, in.take("block of type " + type, there));
        }
        if (in.hasRemaining()) {
            warnings.add("Damaged after byte %d: half a block header".formatted(place + in.position()));
        }
    }

    private void block(int type, long address, ByteReader in) {
        switch (type) {
            case 0 -> {
                Limits.checkCount(in, "register blocks", registers.size() + 1L, limits.threads());
                registers.add(in);
            }
            case 1 -> memory(address, in);
            case 2 -> device = text(in);
            case 3, 10 -> version = text(in); // 3 is the same of before
            case 4 -> hardware = text(in);
            case 5 -> reason = in.size() < 4 ? null : ResetReason.word(in.u32());
            case 6 -> {} // padding
            case 7 -> machine = in.size() < 4 ? OptionalLong.empty() : OptionalLong.of(in.u32());
            case 8 ->
                warnings.add("A coredump of an ESP-IDF before 4.0 is inside (block type 8): its %d bytes are not read"
                        .formatted(in.size()));
            case 9 -> memory(MPU_TYPE, in.slice("MPU registers", 0, Math.min(MPU_REGISTERS, in.size())));
            case 11 -> software = text(in);
            case 12 -> buildId(in);
            default -> warnings.add("A block of type %d with %d bytes is not known".formatted(type, in.size()));
        }
    }

    private void memory(long address, ByteReader in) {
        if (address + in.size() > ADDRESS_SPACE) {
            warnings.add("The memory at 0x%08x of %d bytes leaves the address space and is left out"
                    .formatted(address, in.size()));
        } else if (in.size() > 0) {
            memory.add(new Memory.Region(address, in.segment()));
        }
    }

    private void buildId(ByteReader in) {
        if (in.size() >= 1 && in.size() <= 64) {
            buildId = BuildId.of(in.bytes((int) in.size()));
        }
        if (in.size() != BUILD_ID_BYTES) {
            warnings.add("The build id has %d bytes; wanted %d".formatted(in.size(), BUILD_ID_BYTES));
        }
    }

    private @Nullable String text(ByteReader in) {
        if (in.size() > limits.noteBytes()) {
            throw in.error("a text of %d bytes", in.size());
        }
        var text = ConsoleText.printable(in.bytes((int) in.size()));
        return text.isBlank() ? null : text;
    }

    Coredump coredump(String format, ByteReader file) {
        var processor = ChunkProcessor.of(machine, registers, warnings);
        if (registers.isEmpty() && memory.isEmpty()) {
            throw file.error("a coredump without registers and without memory%s", damage());
        }
        var all = new ArrayList<>(processor.saved());
        all.addAll(memory);
        return new Coredump(
                format,
                new DumpIdentity(device, hardware, software, version, buildId, reason, null, null),
                processor.architecture(),
                Memory.of(ByteOrder.LITTLE_ENDIAN, all),
                processor.threads(),
                processor.fault(),
                List.of(new LoadedImage(software == null ? "firmware" : software, buildId, 0)),
                List.of(),
                warnings);
    }

    private String damage() {
        return warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")";
    }
}
