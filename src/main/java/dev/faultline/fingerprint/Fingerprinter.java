package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashReport;
import jakarta.inject.Singleton;

/** From a report to what it is grouped by. The same report always gives the same fingerprint. */
@Singleton
public class Fingerprinter {
    private final FingerprintRules rules;
    private final FunctionNames names;

    public Fingerprinter() {
        this.rules = FingerprintRules.shipped();
        this.names = new FunctionNames(rules.aliases());
    }

    /** What the report is grouped by, and why. */
    public Fingerprint of(CrashReport report) {
        return new StackReading(report, rules, names).fingerprint();
    }
}
