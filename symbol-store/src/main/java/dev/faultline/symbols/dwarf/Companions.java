package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.ElfFile;
import java.util.Optional;

/**
 * Finds the files that a file's debugging information refers to. Who opened them closes them, after the last use of what
 * was read. Safe for use by many threads.
 */
public interface Companions {
    /** No file but the one itself. */
    Companions NONE = new Companions() {
        @Override
        public Optional<ElfFile> alternate(AlternateLink link) {
            return Optional.empty();
        }

        @Override
        public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
            return Optional.empty();
        }

        @Override
        public Optional<ElfFile> splitPackage() {
            return Optional.empty();
        }
    };

    /** What several files share: {@code .gnu_debugaltlink} of dwz, or {@code .debug_sup} of DWARF 5. */
    Optional<ElfFile> alternate(AlternateLink link);

    /** The {@code .dwo} file of one unit. */
    Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId);

    /** The {@code .dwp} file beside the file: all its {@code .dwo} files in one. */
    Optional<ElfFile> splitPackage();
}
