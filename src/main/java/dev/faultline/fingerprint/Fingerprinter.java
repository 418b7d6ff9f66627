package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashReport;
import jakarta.inject.Singleton;
import java.util.List;

/** From a report to what it is grouped by. The same report and rules always give the same fingerprint. */
@Singleton
public class Fingerprinter {
    private final List<RulePack> packs;
    private final FingerprintRules shipped;
    private final FunctionNames names;

    public Fingerprinter() {
        var read = FingerprintRules.packs();
        this.packs = read.stream().map(FingerprintRules.Pack::shown).toList();
        this.shipped = FingerprintRules.of(read);
        this.names = new FunctionNames(shipped.names().aliases());
    }

    /** The packs that come with the service, in the order in which they are asked: all behind a project's own rules. */
    public List<RulePack> packs() {
        return packs;
    }

    /** What the report is grouped by, and why, in a project without rules of its own. */
    public Fingerprint of(CrashReport report) {
        return new StackReading(report, shipped, names).fingerprint();
    }

    /** What the report is grouped by, and why. */
    public Fingerprint of(CrashReport report, ProjectRules project) {
        return by(project).of(report);
    }

    /** The rules of a project, ready for many reports. */
    public ByRules by(ProjectRules project) {
        return new ByRules(shipped.with(project), names);
    }

    /** From reports to fingerprints by one set of rules. */
    public static final class ByRules {
        private final FingerprintRules rules;
        private final FunctionNames names;

        private ByRules(FingerprintRules rules, FunctionNames names) {
            this.rules = rules;
            this.names = names;
        }

        /** What the report is grouped by, and why. */
        public Fingerprint of(CrashReport report) {
            return new StackReading(report, rules, names).fingerprint();
        }

        /** The version of the way from report to keys. */
        public int algorithm() {
            return StackReading.ALGORITHM;
        }

        /** What the rules are, as fingerprints have it. */
        public String version() {
            return rules.version();
        }
    }
}
