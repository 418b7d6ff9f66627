package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.dwarf.StructLayouts;
import dev.faultline.symbols.elf.ElfFile;
import java.util.Optional;
import java.util.Set;

/** How the structures that logs are kept in are laid out, as a debug file says; read once of it. */
record LogLayouts(StructLayouts.Found found) {
    private static final Set<String> WANTED = Set.of(
            ChunkLogger.SYMBOL,
            "mpsc_pbuf_buffer",
            "log_msg_hdr",
            "log_msg",
            "log_dict_output_normal_msg_hdr_t",
            "cbprintf_package_hdr_ext");

    static LogLayouts of(ElfFile elf, Limits limits) {
        return elf.derived(LogLayouts.class, () -> new LogLayouts(StructLayouts.read(elf, WANTED, limits)));
    }

    Optional<StructLayout> layout(String name) {
        return Optional.ofNullable(found.layouts().get(name));
    }
}
