package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashReport;
import jakarta.enterprise.context.ApplicationScoped;

/** From a report to what it is grouped by. The same report always gives the same fingerprint. */
@ApplicationScoped
public class Fingerprinter {

    @SuppressWarnings("DoNotCallSuggester") // filled by the next commits
    public Fingerprint of(CrashReport report) {
        throw new UnsupportedOperationException();
    }
}
