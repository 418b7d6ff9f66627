package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.ElfFile;
import java.util.Optional;

/** Companions that remember what they did not have. */
final class AskedCompanions implements Companions {
    private final Companions companions;

    /** Both guarded by this. */
    private String missingAlternate = "";

    private int missingSplitUnits;

    AskedCompanions(Companions companions) {
        this.companions = companions;
    }

    /** The file of what several share that is not here; empty: none is missing. */
    synchronized String missingAlternate() {
        return missingAlternate;
    }

    /** How many split units are not here. */
    synchronized int missingSplitUnits() {
        return missingSplitUnits;
    }

    @Override
    public synchronized Optional<ElfFile> alternate(AlternateLink link) {
        var found = companions.alternate(link);
        if (found.isEmpty()) {
            missingAlternate = link.name();
        }
        return found;
    }

    @Override
    public synchronized Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
        var found = companions.split(dwoName, compilationDirectory, dwoId);
        if (found.isEmpty()) {
            missingSplitUnits++;
        }
        return found;
    }

    @Override
    public Optional<ElfFile> splitPackage() {
        return companions.splitPackage();
    }
}
