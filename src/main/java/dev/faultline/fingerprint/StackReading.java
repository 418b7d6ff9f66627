package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ModuleReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.unwind.Trust;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stack, read from the innermost frame outwards: which frames say what crashed. The steps follow one another in
 * {@link #fingerprint()}, and each leaves its reason with the frames it takes out.
 */
final class StackReading {
    /** Part of every key: goes up when the same frames shall give other keys. */
    static final int ALGORITHM = 2;

    /** Most frames looked at; deeper ones are recursion or garbage. */
    static final int MOST_FRAMES = 512;

    /** Most frames in a key. */
    static final int MOST_RELEVANT = 8;

    /** Frames of its own, beside plumbing, in a signature, and in k3 where the sources do not tell more. */
    private static final int CLUSTER_FRAMES = 3;

    /** Functions of the image in k2. */
    private static final int FUNCTIONS = 2;

    /** Inline functions of a header belong to whoever includes it. */
    private static final Pattern HEADER = Pattern.compile("\\.(?:h|hh|hpp|hxx|inl|ipp|tcc)$");

    private static final int SHORT_BUILD_ID = 8;

    /** Without or with the Thumb bit. */
    private static final Pattern NULL = Pattern.compile("0x0*[01]");

    private final CrashReport report;
    private final FingerprintRules rules;
    private final FunctionNames names;
    private final Map<String, ModuleReport> modules = new LinkedHashMap<>();
    private final List<LogicalFrame> frames = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final String software;
    private final @Nullable String assertion;
    private final FingerprintRules.Matching matching;

    StackReading(CrashReport report, FingerprintRules rules, FunctionNames names) {
        this.report = report;
        this.rules = rules;
        this.names = names;
        for (ModuleReport module : report.modules()) {
            modules.putIfAbsent(module.name(), module);
        }
        this.software = software();
        this.assertion = report.reason() == ReasonFamily.ASSERT || report.reason() == ReasonFamily.PANIC
                ? AssertText.template(report.identity().message())
                : null;
        this.matching = rules.matching(software);
    }

    Fingerprint fingerprint() {
        readFrames();
        dropHandlers();
        startAtLoop();
        leaveScanOut();
        cutAtSentinel();
        cutAtBase();
        leaveImpreciseOut();
        foldRecursion();

        List<LogicalFrame> relevant = frames.stream().filter(LogicalFrame::kept).toList();
        boolean weak = relevant.stream().noneMatch(frame -> frame.part == FramePart.RELEVANT && frame.named);
        if (weak) {
            relevant = everything();
        }
        List<LogicalFrame> site = weak ? relevant : site(relevant);
        relevant.stream().skip(MOST_RELEVANT).forEach(frame -> frame.outside("behind the last frame of any key"));
        relevant = relevant.stream().limit(MOST_RELEVANT).toList();
        return keyed(relevant, site, weak);
    }

    // ---- the stack as logical frames ----

    private String software() {
        String type = report.identity().software();
        if (type != null && !type.isBlank()) {
            return FunctionNames.printable(type);
        }
        // unlike images must not meet only because nobody said what they are
        return report.modules().isEmpty()
                ? ""
                : FunctionNames.printable(report.modules().getFirst().name());
    }

    private void readFrames() {
        ThreadReport thread = report.crashedThread();
        if (thread == null) {
            notes.add("The dump has no crashed thread.");
            return;
        }
        if (thread.frames().size() > MOST_FRAMES) {
            notes.add("Only the innermost %d of %d frames were looked at."
                    .formatted(MOST_FRAMES, thread.frames().size()));
        }
        thread.frames().stream().limit(MOST_FRAMES).map(this::logical).forEach(frames::add);
    }

    private LogicalFrame logical(FrameReport frame) {
        String function = frame.function();
        if (function == null || function.isBlank()) {
            return unnamed(frame);
        }
        String name = names.normal(function, frame.file());
        var rule = matching.rule(name, frame.file(), frame.module());
        FramePart part = rule == null ? FramePart.RELEVANT : rule.part();
        String because = rule == null ? null : rule.because();
        var logical = new LogicalFrame(frame, name, true, false, rule, part, because);
        String file = logical.fileName();
        return file != null && rules.names().genericNames().contains(name)
                ? new LogicalFrame(frame, name + "@" + file, true, false, rule, part, because)
                : logical;
    }

    private LogicalFrame unnamed(FrameReport frame) {
        String moduleName = frame.module();
        if (moduleName == null && NULL.matcher(frame.pc()).matches()) {
            return new LogicalFrame(
                    frame, "null", false, false, null, FramePart.PREFIX, "a call through a null function pointer");
        }
        if (moduleName == null) {
            return new LogicalFrame(
                    frame, "?", false, false, null, FramePart.SKIP, "in no image: where a wild jump lands is chance");
        }
        ModuleReport module = modules.get(moduleName);
        boolean missing = module == null || !module.symbols();
        boolean main =
                report.modules().isEmpty() || report.modules().getFirst().name().equals(moduleName);
        if (main) {
            String build = shortBuild(module);
            String name = "?" + build + "+" + (frame.moduleOffset() == null ? frame.pc() : frame.moduleOffset());
            return new LogicalFrame(frame, name, false, missing, null, FramePart.RELEVANT, "a function without a name");
        }
        return new LogicalFrame(
                frame,
                "?" + FunctionNames.printable(moduleName),
                false,
                missing,
                null,
                FramePart.PREFIX,
                "somewhere in another image, so whoever called it has to follow");
    }

    private String shortBuild(@Nullable ModuleReport module) {
        String build = module == null || module.buildId() == null ? buildId() : module.buildId();
        return build == null ? "" : build.substring(0, Math.min(SHORT_BUILD_ID, build.length()));
    }

    // ---- which of them say what crashed ----

    /**
     * An exception frame begins code that was interrupted. A handler that only noticed the crash gives way to what it
     * interrupted; what an interrupt that crashed itself had interrupted is chance.
     */
    private void dropHandlers() {
        int start = 0;
        int next = interrupted(1);
        while (next < frames.size() && noticedOnly(start, next)) {
            for (LogicalFrame frame : frames.subList(start, next)) {
                frame.outside(frame.because == null ? "the handler that noticed the crash" : frame.because);
            }
            start = next;
            next = interrupted(start + 1);
        }
        for (LogicalFrame frame : frames.subList(next, frames.size())) {
            frame.outside("what the interrupt happened to interrupt");
        }
    }

    private boolean noticedOnly(int start, int end) {
        return (hung() && start == 0) || frames.subList(start, end).stream().allMatch(LogicalFrame::noticesOnly);
    }

    /** Index of the next frame that an exception interrupted; inlined calls share the trust of the frame they are in. */
    private int interrupted(int from) {
        for (int i = from; i < frames.size(); i++) {
            LogicalFrame frame = frames.get(i);
            boolean innermost =
                    !frame.report.pc().equals(frames.get(i - 1).report.pc());
            if (innermost && frame.trusts(Trust.EXCEPTION)) {
                return i;
            }
        }
        return frames.size();
    }

    /** A hung loop calls others again and again; which of them the watchdog met is chance. */
    private void startAtLoop() {
        String loop = report.fault().loop();
        if (loop == null) {
            return;
        }
        for (int i = 0; i < frames.size(); i++) {
            if (frames.get(i).kept() && loop.equals(frames.get(i).report.function())) {
                frames.subList(0, i).stream()
                        .filter(LogicalFrame::kept)
                        .forEach(frame -> frame.outside("called by the loop that hung: where it was caught is chance"));
                return;
            }
        }
    }

    private void leaveScanOut() {
        long trusted = frames.stream()
                .filter(frame -> frame.kept() && !frame.trusts(Trust.SCAN))
                .count();
        boolean scanned = frames.stream().anyMatch(frame -> frame.trusts(Trust.SCAN));
        if (trusted < 2 && scanned) {
            notes.add(
                    "Fewer than two frames were unwound, so guesses from scanning the stack are used: low confidence.");
            return;
        }
        frames.stream()
                .filter(frame -> frame.trusts(Trust.SCAN))
                .forEach(frame -> frame.outside("a guess from scanning the stack"));
    }

    /** The innermost check that failed, and the checks that led to it; deeper ones are somebody's ordinary callers. */
    private void cutAtSentinel() {
        int cut = -1;
        for (int i = 0; i < frames.size(); i++) {
            LogicalFrame frame = frames.get(i);
            if (frame.part == FramePart.SENTINEL) {
                cut = i;
            } else if (cut >= 0 && frame.kept()) {
                break;
            }
        }
        for (int i = 0; i < cut; i++) {
            LogicalFrame frame = frames.get(i);
            if (frame.kept()) {
                frame.outside("called by %s, where the crash was only noticed".formatted(frames.get(cut).name));
            }
        }
    }

    private void cutAtBase() {
        boolean below = false;
        for (LogicalFrame frame : frames) {
            if (below && frame.kept()) {
                frame.outside("below the frame where the thread begins");
            }
            below |= frame.part == FramePart.BASE;
        }
    }

    /** The culprit of an imprecise fault ran before the innermost frame's instruction, perhaps in another function. */
    private void leaveImpreciseOut() {
        if (!report.fault().imprecise() && report.reason() != ReasonFamily.BUS_IMPRECISE) {
            return;
        }
        notes.add(
                "The fault is imprecise: it was raised some instructions after its cause, so the innermost frame is left"
                        + " out and the thread's name is used: low confidence.");
        List<LogicalFrame> kept = frames.stream().filter(LogicalFrame::kept).toList();
        if (kept.isEmpty()) {
            return;
        }
        String pc = kept.getFirst().report.pc();
        List<LogicalFrame> innermost =
                kept.stream().takeWhile(frame -> frame.report.pc().equals(pc)).toList();
        boolean callers =
                kept.stream().skip(innermost.size()).anyMatch(frame -> frame.part == FramePart.RELEVANT && frame.named);
        // without a caller the function itself is all there is; what was inlined into it goes in any case
        innermost.stream()
                .limit(callers ? innermost.size() : innermost.size() - 1L)
                .forEach(frame -> frame.outside("the fault is imprecise: this is where it was raised, not its cause"));
    }

    private void foldRecursion() {
        List<LogicalFrame> kept = frames.stream().filter(LogicalFrame::kept).toList();
        List<Recursion.Stretch> stretches =
                Recursion.stretches(kept.stream().map(frame -> frame.name).toList());
        boolean overflow = report.reason() == ReasonFamily.STACK_OVERFLOW;
        boolean found = false;
        for (Recursion.Stretch stretch : stretches) {
            if (!stretch.recursion()) {
                continue;
            }
            if (overflow && !found) {
                kept.subList(0, stretch.start())
                        .forEach(frame -> frame.outside("the call that met the end of the stack is chance"));
            }
            // a stack overflows at any point of its cycle: start it at the same function every time
            int turn = overflow && !found ? turn(kept, stretch) : 0;
            kept.subList(stretch.start(), stretch.start() + turn)
                    .forEach(frame -> frame.outside("a part of the recursion; it is told from another function on"));
            int stay = stretch.start() + turn + stretch.period();
            kept.get(stay - 1).recursive = true;
            for (LogicalFrame frame : kept.subList(stay, stretch.end())) {
                frame.part = FramePart.RECURSION;
                frame.because = "recursion: how deep it went is chance";
            }
            found = true;
        }
    }

    private static int turn(List<LogicalFrame> kept, Recursion.Stretch stretch) {
        List<String> cycle = kept.subList(stretch.start(), stretch.start() + stretch.period()).stream()
                .map(frame -> frame.name)
                .toList();
        return cycle.indexOf(Collections.min(cycle));
    }

    /** The stack says too little, so all of it is used, within one build: never a bucket for whatever has no stack. */
    private List<LogicalFrame> everything() {
        boolean unsymbolicated = frames.stream().anyMatch(frame -> frame.symbolsMissing);
        notes.add(
                unsymbolicated
                        ? "Symbols are missing: grouped with crashes of the same build at the same places only."
                        : "No frame says what crashed: grouped with crashes of the same build at the same places only.");
        List<LogicalFrame> unwound =
                frames.stream().filter(frame -> !frame.trusts(Trust.SCAN)).toList();
        return unwound.isEmpty() ? List.copyOf(frames) : unwound;
    }

    // ---- keys ----

    private Fingerprint keyed(List<LogicalFrame> relevant, List<LogicalFrame> site, boolean weak) {
        List<LogicalFrame> one = withOwnFrames(relevant, 1, weak);
        List<LogicalFrame> three = withOwnFrames(relevant, CLUSTER_FRAMES, weak);
        boolean needsSymbols = relevant.stream().anyMatch(frame -> frame.symbolsMissing)
                || (relevant.isEmpty() && !report.missingSymbols().isEmpty());
        boolean bound = weak || relevant.stream().anyMatch(StackReading::boundToBuild);
        String k1 = key("k1", one, weak, "");
        String k3 = key("k3", weak || bound ? three : site, weak, "");
        boolean provisional = bound || needsSymbols;
        return new Fingerprint(
                ALGORITHM,
                rules.version(),
                software,
                report.reason().label(),
                assertion,
                signature(three, weak),
                k1,
                provisional ? null : k2(relevant),
                k3,
                key("k8", relevant, weak, k3), // a variant is of one cluster, whatever lies beyond its last frame
                !provisional && incomplete(relevant),
                provisional,
                needsSymbols,
                place(relevant),
                frames.stream().map(LogicalFrame::explained).toList(),
                notes);
    }

    /** Whether more of the stack, or the lines of its innermost function, would say more about where it crashed. */
    private boolean incomplete(List<LogicalFrame> relevant) {
        List<LogicalFrame> own = relevant.stream()
                .filter(frame -> frame.part == FramePart.RELEVANT)
                .toList();
        if (own.getFirst().fileName() == null) {
            return true;
        }
        if (frames.stream().anyMatch(frame -> frame.part == FramePart.BASE)) {
            return false;
        }
        int end = componentEnd(own, 0);
        return end == own.size() || (end == 1 && componentEnd(own, 1) == own.size());
    }

    private @Nullable String k2(List<LogicalFrame> relevant) {
        MessageDigest digest = started("k2");
        int functions = 0;
        for (int i = frames.indexOf(own(relevant)); i < frames.size() && functions < FUNCTIONS; i++) {
            LogicalFrame frame = frames.get(i);
            if (frame.report.inlined()) {
                continue;
            }
            // a guess will do: one that is wrong meets no complete stack
            if (!frame.named || !(frame.kept() || frame.trusts(Trust.SCAN))) {
                return null;
            }
            // without the file that tells namesakes apart, which such a build does not know
            add(digest, "function", names.normal(String.valueOf(frame.report.function()), null));
            functions++;
        }
        return functions < FUNCTIONS ? null : HexFormat.of().formatHex(digest.digest());
    }

    private static LogicalFrame own(List<LogicalFrame> relevant) {
        return relevant.stream()
                .filter(frame -> frame.part == FramePart.RELEVANT)
                .findFirst()
                .orElseThrow();
    }

    // ---- what one bug looks like from release to release ----

    /**
     * Where it failed and in which operation: the innermost frame of its own, and the function through which its component
     * was entered. Between the two, functions come, go and are renamed from release to release; beyond them lies the way
     * by which the operation was reached. A component is a source file. Where that does not tell (no line information, or
     * the thread's own code from end to end), the innermost frames themselves are taken.
     */
    private List<LogicalFrame> site(List<LogicalFrame> kept) {
        List<LogicalFrame> own =
                kept.stream().filter(frame -> frame.part == FramePart.RELEVANT).toList();
        List<LogicalFrame> plumbing =
                kept.stream().takeWhile(frame -> frame.part == FramePart.PREFIX).toList();
        // the text of a failed check says which check it was, whether or not the function of the check is still a frame
        List<LogicalFrame> site = new ArrayList<>(assertion == null ? plumbing : List.of());
        LogicalFrame first = own.getFirst();
        int end = componentEnd(own, 0);
        if (first.fileName() == null) {
            site.addAll(innermost(own));
        } else if (hung() && end < own.size()) {
            notes.add("It hung: the operation says more than the place inside of it where it was caught.");
            site.add(own.get(end - 1));
        } else if (end == own.size()) {
            site.addAll(innermost(own));
        } else if (end > 1) {
            if (assertion == null) {
                site.add(first); // else the check is named by its text, and compilers share the calls of failed checks
            }
            site.add(own.get(end - 1));
        } else {
            site.add(first);
            int next = componentEnd(own, 1);
            if (next < own.size()) {
                site.add(own.get(next - 1)); // a single function may be another component's helper
            } // else the thread's own code called the operation itself: that is the way, not the place
        }
        return site;
    }

    private boolean hung() {
        return report.reason() == ReasonFamily.WATCHDOG || report.reason() == ReasonFamily.HANG;
    }

    private static List<LogicalFrame> innermost(List<LogicalFrame> own) {
        return own.subList(0, Math.min(CLUSTER_FRAMES, own.size()));
    }

    /** Index behind the last frame of the component that begins at {@code from}. */
    private static int componentEnd(List<LogicalFrame> own, int from) {
        int end = from;
        String file = null;
        while (end < own.size()) {
            String at = own.get(end).fileName();
            boolean header = at != null && HEADER.matcher(at).find();
            if (!header) {
                if (file != null && !file.equals(at)) {
                    break;
                }
                if (at == null) {
                    return Math.max(end, from + 1);
                }
                file = at;
            }
            end++;
        }
        return end;
    }

    /** Frames up to and including the given number of relevant ones; plumbing does not count, nor does a weak stack's part. */
    private static List<LogicalFrame> withOwnFrames(List<LogicalFrame> relevant, int wanted, boolean weak) {
        List<LogicalFrame> taken = new ArrayList<>();
        int own = 0;
        for (LogicalFrame frame : relevant) {
            if (own == wanted) {
                break;
            }
            taken.add(frame);
            own += weak || frame.part == FramePart.RELEVANT ? 1 : 0;
        }
        return taken;
    }

    private static boolean boundToBuild(LogicalFrame frame) {
        return !frame.named && frame.part == FramePart.RELEVANT;
    }

    /** SHA-256 over lines of {@code word length:text}; the length keeps a name with a line break from posing as two lines. */
    private String key(String which, List<LogicalFrame> in, boolean weak, String within) {
        MessageDigest digest = started(which);
        if (!within.isEmpty()) {
            add(digest, "within", within);
        }
        ThreadReport thread = report.crashedThread();
        if (thread != null && thread.name() != null && report.fault().imprecise()) {
            add(digest, "thread", String.valueOf(AssertText.template(thread.name())));
        }
        if (weak || in.stream().anyMatch(StackReading::boundToBuild)) {
            add(digest, "build", build());
        }
        for (LogicalFrame frame : in) {
            if (!weak && frame.rule != null && frame.rule.builtIn()) {
                continue; // another compiler wrote its work in place, and left no frame
            }
            frame.keys.add(which);
            add(digest, "frame", frame.name);
            if (weak) {
                add(digest, "offset", frame.offset());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** With what all crashes of a key have in common beside their frames. */
    private MessageDigest started(String which) {
        MessageDigest digest = sha256();
        add(digest, "faultline-fingerprint", which + "." + ALGORITHM);
        add(digest, "software", software);
        add(digest, "family", report.reason().label());
        if (assertion != null) {
            add(digest, "assertion", assertion);
        }
        return digest;
    }

    /** As exact a name of the firmware as there is; a stack of an unknown one is that of its device alone. */
    private String build() {
        String id = buildId();
        var identity = report.identity();
        return id != null ? id : "version %s, device %s".formatted(identity.version(), identity.device());
    }

    private @Nullable String buildId() {
        if (report.identity().buildId() != null) {
            return report.identity().buildId();
        }
        return report.modules().stream()
                .map(ModuleReport::buildId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static void add(MessageDigest digest, String word, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update("%s %d:".formatted(word, bytes.length).getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        digest.update((byte) '\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String signature(List<LogicalFrame> shown, boolean weak) {
        List<String> parts = new ArrayList<>();
        parts.add(report.reason().label());
        shown.forEach(frame -> parts.add(frame.shown()));
        if (shown.isEmpty()) {
            parts.add("no stack");
        }
        if (weak && shown.stream().allMatch(frame -> frame.named)) {
            String build = shortBuild(null);
            parts.add(build.isEmpty() ? "unknown build" : "build " + build);
        }
        String text = String.join(" | ", parts);
        return text.length() <= Fingerprint.SIGNATURE_LENGTH
                ? text
                : text.substring(0, Fingerprint.SIGNATURE_LENGTH - 1) + "…";
    }

    private static @Nullable String place(List<LogicalFrame> relevant) {
        LogicalFrame first = relevant.stream()
                .filter(frame -> frame.part == FramePart.RELEVANT && frame.fileName() != null)
                .findFirst()
                .or(() -> relevant.stream()
                        .filter(frame -> frame.fileName() != null)
                        .findFirst())
                .orElse(null);
        if (first == null) {
            return null;
        }
        return first.report.line() > 0 ? first.fileName() + ":" + first.report.line() : first.fileName();
    }
}
