package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashReport;
import jakarta.inject.Singleton;

/** From a report to what it is grouped by. The same report and rules always give the same fingerprint. */
@Singleton
public class Fingerprinter {
    private final FingerprintRules shipped;
    private final FunctionNames names;

    public Fingerprinter() {
        this.shipped = FingerprintRules.shipped();
        this.names = new FunctionNames(shipped.names().aliases());
    }

    /** What the report is grouped by, and why, in a project without rules of its own. */
    public Fingerprint of(CrashReport report) {
        return new StackReading(report, shipped, names).fingerprint();
    }

    /** What the report is grouped by, and why. */
    public Fingerprint of(CrashReport report, ProjectRules project) {
        return new StackReading(report, shipped.with(project), names).fingerprint();
    }
}
