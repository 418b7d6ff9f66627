package dev.faultline.rules;

import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.symbols.report.CrashReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Makes each crash's fingerprint twice, and tells the difference. */
final class Previewing {
    private static final int MOST_EXAMPLES = 10;
    private static final int MOST_SIGNATURES = 10;

    private final Fingerprinter fingerprinter;
    private final ProjectRules before;
    private final ProjectRules after;
    private final Map<String, Group> byOld = new LinkedHashMap<>();
    private final Map<String, Group> byNew = new LinkedHashMap<>();
    private final Set<String> oldVariants = new HashSet<>();
    private final Set<String> newVariants = new HashSet<>();
    private int crashes;
    private int changed;

    Previewing(Fingerprinter fingerprinter, ProjectRules before, ProjectRules after) {
        this.fingerprinter = fingerprinter;
        this.before = before;
        this.after = after;
    }

    /** The crashes that one set of rules puts together, and where the other set has them. */
    private static final class Group {
        final Set<String> there = new LinkedHashSet<>();
        final Set<String> signaturesHere = new LinkedHashSet<>();
        final Set<String> signaturesThere = new LinkedHashSet<>();
        final UUID crash;
        int crashes;

        Group(UUID crash) {
            this.crash = crash;
        }

        void add(Fingerprint here, Fingerprint other) {
            crashes++;
            there.add(other.k3());
            note(signaturesHere, here);
            note(signaturesThere, other);
        }

        private static void note(Set<String> signatures, Fingerprint fingerprint) {
            if (signatures.size() < MOST_SIGNATURES) {
                signatures.add(fingerprint.signature());
            }
        }
    }

    void look(UUID crash, CrashReport report) {
        Fingerprint old = fingerprinter.of(report, before);
        Fingerprint wanted = fingerprinter.of(report, after);
        crashes++;
        if (!old.k8().equals(wanted.k8()) || !old.signature().equals(wanted.signature())) {
            changed++;
        }
        oldVariants.add(old.k8());
        newVariants.add(wanted.k8());
        byOld.computeIfAbsent(old.k3(), none -> new Group(crash)).add(old, wanted);
        byNew.computeIfAbsent(wanted.k3(), none -> new Group(crash)).add(wanted, old);
    }

    RulesPreview result() {
        List<RulesPreview.Example> split = new ArrayList<>();
        List<RulesPreview.Example> joined = new ArrayList<>();
        List<RulesPreview.Example> renamed = new ArrayList<>();
        for (Group group : byOld.values()) {
            if (group.there.size() > 1) {
                split.add(example(group, group.signaturesHere, group.signaturesThere));
            } else if (!group.signaturesHere.equals(group.signaturesThere) && staysAlone(group)) {
                renamed.add(example(group, group.signaturesHere, group.signaturesThere));
            }
        }
        for (Group group : byNew.values()) {
            if (group.there.size() > 1) {
                joined.add(example(group, group.signaturesThere, group.signaturesHere));
            }
        }
        return new RulesPreview(
                crashes,
                changed,
                oldVariants.size(),
                newVariants.size(),
                byOld.size(),
                byNew.size(),
                changes(split),
                changes(joined),
                changes(renamed));
    }

    private boolean staysAlone(Group group) {
        Group other = byNew.get(group.there.iterator().next());
        return other != null && other.there.size() == 1;
    }

    private static RulesPreview.Example example(Group group, Set<String> before, Set<String> after) {
        return new RulesPreview.Example(List.copyOf(before), List.copyOf(after), group.crashes, group.crash);
    }

    private static RulesPreview.Changes changes(List<RulesPreview.Example> all) {
        return new RulesPreview.Changes(all.size(), all.subList(0, Math.min(MOST_EXAMPLES, all.size())));
    }
}
