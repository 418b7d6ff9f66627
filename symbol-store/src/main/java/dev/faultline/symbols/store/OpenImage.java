package dev.faultline.symbols.store;

import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.SymbolIndex;

/** A mapped index with its debug file and the companions of that, shared by leases: unmapped when it was retired and the last lease has ended. */
final class OpenImage {
    private final SymbolIndex index;
    private final ElfFile elf;
    private final BlobCompanions companions;
    private final long bytes;
    private int leases;
    private boolean retired;

    OpenImage(SymbolIndex index, ElfFile elf, BlobCompanions companions, long bytes) {
        this.index = index;
        this.elf = elf;
        this.companions = companions;
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    SymbolIndex index() {
        return index;
    }

    ElfFile elf() {
        return elf;
    }

    BlobCompanions companions() {
        return companions;
    }

    /** False when it was retired meanwhile: open another one. */
    synchronized boolean lease() {
        if (retired) {
            return false;
        }
        leases++;
        return true;
    }

    synchronized void release() {
        leases--;
        closeIfUnused();
    }

    /** No new leases from here on. */
    synchronized void retire() {
        if (!retired) {
            retired = true;
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (retired && leases == 0) {
            index.close();
            elf.close();
            companions.close();
        }
    }
}
