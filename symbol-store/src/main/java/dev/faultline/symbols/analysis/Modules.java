package dev.faultline.symbols.analysis;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.report.ModuleReport;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.util.ArrayList;
import java.util.List;

/** What a report says about the images: which they are, and whose symbols are missing. */
final class Modules {

    private Modules() {}

    static List<ModuleReport> reports(LoadedSymbols symbols, Architecture architecture) {
        var reports = new ArrayList<ModuleReport>();
        for (var module : symbols.modules()) {
            var id = module.image().buildId();
            reports.add(new ModuleReport(
                    module.image().name(),
                    id == null ? null : id.hex(),
                    Symbolication.hex(module.image().bias(), architecture),
                    module.symbols().isPresent()));
        }
        return reports;
    }

    static List<MissingSymbols> missing(LoadedSymbols symbols, CrashIdentity identity) {
        var missing = new ArrayList<MissingSymbols>();
        for (var module : symbols.modules()) {
            var id = module.image().buildId();
            var hash = module.image().fileHash();
            if (module.symbols().isPresent() || module.image().isVdso()) {
                continue;
            }
            if (hash != null) {
                missing.add(new MissingSymbols(
                        MissingSymbols.BY_FILE_HASH + hash,
                        identity.software(),
                        identity.version(),
                        command(identity)));
            } else if (id != null) {
                missing.add(new MissingSymbols(id.hex(), identity.software(), identity.version(), command(identity)));
            }
        }
        return missing;
    }

    private static String command(CrashIdentity identity) {
        var command = new StringBuilder("faultline symbols upload FILE");
        if (identity.software() != null) {
            command.append(" --software ").append(quoted(identity.software()));
        }
        if (identity.version() != null) {
            command.append(" --version ").append(quoted(identity.version()));
        }
        return command.toString();
    }

    /** A device's word that someone will paste into a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9][A-Za-z0-9._+-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
