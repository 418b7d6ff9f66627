package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ModuleReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.report.ThreadReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a report that its fingerprint is made of, whatever the rules are: a report again, with the same fingerprint.
 * What differs from crash to crash without a fingerprint seeing it is left out, so that many crashes share one.
 */
public final class FingerprintInput {

    private FingerprintInput() {}

    /** The report without what no fingerprint looks at. */
    public static CrashReport of(CrashReport report) {
        ThreadReport thread = report.crashedThread();
        boolean imprecise = report.fault().imprecise();
        return new CrashReport(
                "",
                "",
                identity(report),
                report.reason(),
                new FaultReport("", null, imprecise, report.fault().loop(), List.of()),
                thread == null ? List.of() : List.of(thread(thread, imprecise)),
                Map.of(),
                List.of(),
                modules(report, thread),
                report.missingSymbols().stream().limit(1).toList(),
                List.of());
    }

    private static CrashIdentity identity(CrashReport report) {
        CrashIdentity identity = report.identity();
        boolean known =
                identity.buildId() != null || report.modules().stream().anyMatch(module -> module.buildId() != null);
        boolean checked = report.reason() == ReasonFamily.ASSERT || report.reason() == ReasonFamily.PANIC;
        return new CrashIdentity(
                known ? null : identity.device(),
                null,
                identity.software(),
                known ? null : identity.version(),
                identity.buildId(),
                null,
                checked ? template(identity.message()) : null,
                null);
    }

    /** Cutting may leave a text whose template is another one: then it stays as it came. */
    private static @Nullable String template(@Nullable String text) {
        String template = AssertText.template(text);
        return Objects.equals(AssertText.template(template), template) ? template : text;
    }

    private static ThreadReport thread(ThreadReport thread, boolean imprecise) {
        List<FrameReport> frames = thread.frames();
        // one more than is looked at: that there are more is a note
        List<FrameReport> seen = frames.subList(0, Math.min(frames.size(), StackReading.MOST_FRAMES + 1));
        Set<String> told = new HashSet<>();
        for (FrameReport frame : seen) {
            if (frame.module() == null || frame.moduleOffset() == null) {
                told.add(frame.pc());
            }
        }
        Map<String, String> places = new HashMap<>();
        return new ThreadReport(
                0,
                imprecise ? template(thread.name()) : null,
                null,
                true,
                seen.stream()
                        .map(frame -> frame(
                                frame,
                                told.contains(frame.pc())
                                        ? frame.pc()
                                        : places.computeIfAbsent(frame.pc(), _ -> "@" + places.size())))
                        .toList(),
                "");
    }

    /** Where its image was loaded is chance; which frames share a pc, as inlined calls do, is not. */
    private static FrameReport frame(FrameReport frame, String pc) {
        return new FrameReport(
                frame.function(),
                null,
                frame.file(),
                frame.line(),
                0,
                pc,
                frame.inlined(),
                frame.trust(),
                frame.module(),
                frame.moduleOffset());
    }

    /** The first, the first with a build id, and those that the stack is in. */
    private static List<ModuleReport> modules(CrashReport report, @Nullable ThreadReport thread) {
        Set<String> named = new HashSet<>();
        if (thread != null) {
            thread.frames().stream()
                    .limit(StackReading.MOST_FRAMES)
                    .map(FrameReport::module)
                    .filter(Objects::nonNull)
                    .forEach(named::add);
        }
        List<ModuleReport> kept = new ArrayList<>();
        boolean built = false;
        for (ModuleReport module : report.modules()) {
            boolean firstBuilt = !built && module.buildId() != null;
            if (kept.isEmpty() || firstBuilt || named.contains(module.name())) {
                kept.add(new ModuleReport(module.name(), module.buildId(), "", module.symbols()));
            }
            built |= firstBuilt;
        }
        return kept;
    }
}
