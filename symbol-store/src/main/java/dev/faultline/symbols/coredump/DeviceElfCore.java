package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The device core: an ELF32 core for {@code EM_ARM} (a Cortex-M), or an ELF32 or ELF64 core for {@code EM_RISCV}, with one
 * note of ours, as the device library writes it ({@code firmware-fixtures/device-library/FORMAT.md}).
 */
public record DeviceElfCore() implements CoredumpFormat {
    /** Notes that a kernel writes behind the first NT_PRSTATUS and the device library never does. */
    private static final Set<Long> OF_A_KERNEL = Set.of(2L, 3L, 6L, 0x53494749L, 0x46494c45L);

    @Override
    public String name() {
        return "faultline-device-core-1";
    }

    @Override
    public String description() {
        return "an ELF core with a Faultline note";
    }

    /** By its note; where a core was cut off before it, by the processor and by no note of a kernel being there. */
    @Override
    public boolean begins(ByteReader file) {
        var ours = new boolean[1];
        var others = new boolean[1];
        boolean cut = ElfCore.eachNote(file, (owner, type, description) -> {
            ours[0] |= owner.equals(DeviceNotes.OWNER);
            others[0] |= !owner.equals("CORE") || OF_A_KERNEL.contains(type);
        });
        return ours[0] || (cut && !others[0] && isForMicrocontroller(file));
    }

    private static boolean isForMicrocontroller(ByteReader file) {
        if (file.size() < 20) {
            return true; // not even the processor is there
        }
        var header = file.copy();
        boolean is32Bit = header.seek(4).u8() == 1;
        return is32Bit
                && header.seek(18).u16() == Machine.EM_ARM
                && header.seek(16).u16() == 4;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var warnings = new ArrayList<String>();
        var core = ElfCore.read(file, "a device core", limits, warnings);
        var layout = PrstatusLayout.ofDevice(core)
                .orElseThrow(() -> core.unknownMachine("arm (40) with 32 bits or riscv (243)"));
        var notes = new DeviceNotes(layout, limits, warnings);
        if (core.notes(limits, warnings, notes::note)) {
            warnings.add("Damaged in the notes: threads or the device's identity may be missing");
        }
        var threads = notes.threads();
        if (threads.isEmpty()) {
            throw file.error(
                    "an ELF core without a readable NT_PRSTATUS note: no thread, so no stack to show%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        var identity = notes.identity();
        return List.of(new Coredump(
                name(),
                identity,
                layout.architecture(),
                core.memory(warnings),
                threads,
                notes.fault(),
                List.of(new LoadedImage(
                        identity.software() == null ? "firmware" : identity.software(), identity.buildId(), 0)),
                List.of(),
                warnings));
    }
}
