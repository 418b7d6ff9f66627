package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * The core of a Linux process as the kernel, gdb or QEMU writes it: every ELF core that no other format claims. Trimmed and
 * cut ones are read as far as they go.
 */
public record LinuxElfCore() implements CoredumpFormat {

    /** The note that makes an ELF core one of ESP-IDF. */
    private static final String ESP_CORE_DUMP_INFO = "ESP_CORE_DUMP_INFO";

    @Override
    public String name() {
        return "linux-core";
    }

    @Override
    public String description() {
        return "the ELF core of a Linux process";
    }

    @Override
    public boolean begins(ByteReader file) {
        if (!ElfHeader.begins(file)) {
            return false;
        }
        var claimed = new boolean[1];
        ElfCore.eachNote(file, (owner, type, description) -> claimed[0] |= owner.equals(ESP_CORE_DUMP_INFO));
        return !claimed[0];
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var warnings = new ArrayList<String>();
        var core = ElfCore.read(file, "a Linux core", limits, warnings);
        var layout = PrstatusLayout.of(core)
                .orElseThrow(() -> core.unknownMachine("arm (40), aarch64 (183), riscv (243), x86-64 (62) or x86 (3)"));
        var notes = new LinuxNotes(layout, limits, warnings);
        if (core.notes(limits, warnings, notes::note)) {
            warnings.add("Damaged in the notes: threads or modules may be missing");
        }
        var memory = core.memory(warnings);
        var modules = new LinuxModules(core, memory, notes, layout, warnings);
        var images = modules.images();
        var architecture = notes.architecture(memory);
        var threads = notes.threads();
        if (threads.isEmpty()) {
            throw file.error(
                    "an ELF core without a readable NT_PRSTATUS note: no thread, so no stack to show%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        return List.of(new Coredump(
                name(),
                notes.identity(images),
                architecture,
                memory,
                threads,
                notes.fault(),
                images,
                List.of(),
                warnings));
    }
}
