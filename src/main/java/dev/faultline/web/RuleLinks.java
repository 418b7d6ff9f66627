package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.symbols.report.FrameReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways from frames to the form that makes rules of them.
 *
 * @param software the software type of the crashes; empty where unknown
 */
record RuleLinks(Project project, String software) {
    /** Longer names of files, images and software types are left out: an address has an end. */
    private static final int LONGEST = 200;

    /** The form's address for a frame that grouping looked at; absent where rules are not asked about it. */
    @Nullable
    String of(FingerprintFrame frame) {
        return of(frame, null);
    }

    /** The same for a frame of a report, which is found among those that grouping looked at. */
    @Nullable
    String of(FrameReport frame, List<FingerprintFrame> grouped) {
        String function = frame.function();
        if (function == null) {
            return null;
        }
        String file = frame.file() == null ? null : Words.fileName(frame.file());
        return grouped.stream()
                .filter(one -> function.equals(one.function() == null ? one.name() : one.function()))
                .filter(one -> one.file() == null || one.file().equals(file))
                .findFirst()
                .map(one -> of(one, frame.module()))
                .orElse(null);
    }

    private @Nullable String of(FingerprintFrame frame, @Nullable String module) {
        if (!frame.ruled()) {
            return null;
        }
        String name = frame.name();
        // a pattern holds no more of a name
        String seen = name.substring(0, Math.min(name.length(), ProjectRules.LONGEST_TEXT + 1));
        return Address.ofProject(project.name(), "rules", "new")
                .with("function", seen)
                .with("file", shortOrNothing(frame.file()))
                .with("module", shortOrNothing(module))
                .with("software", shortOrNothing(software))
                .toString();
    }

    private static @Nullable String shortOrNothing(@Nullable String text) {
        return text == null || text.length() > LONGEST ? null : text;
    }
}
