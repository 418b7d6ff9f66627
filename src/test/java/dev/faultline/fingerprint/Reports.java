package dev.faultline.fingerprint;

import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ModuleReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.report.ThreadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports as the engine makes them, written down short: frames from the innermost one outwards. */
public final class Reports {
    public static final String BUILD = "aaaaaaaa11111111222222223333333344444444";

    private ReasonFamily reason = ReasonFamily.BAD_ACCESS;
    private @Nullable String software = "main-fw";
    private @Nullable String version = "1.0.0";
    private @Nullable String device = "SN-1";
    private @Nullable String hardware = "rev-a";
    private @Nullable String buildId = BUILD;
    private @Nullable String message;
    private @Nullable Long uptimeMillis = 3_600_000L;
    private @Nullable String threadName;
    private boolean imprecise;
    private @Nullable String loop;
    private boolean symbols = true;
    private String trust = "cfi";
    private final List<FrameReport> frames = new ArrayList<>();

    /** A stack of named functions, the innermost first. */
    public static Reports stack(String... functions) {
        var reports = new Reports();
        for (String function : functions) {
            reports.frame(function);
        }
        return reports;
    }

    public Reports reason(ReasonFamily family) {
        this.reason = family;
        return this;
    }

    public Reports software(@Nullable String type) {
        this.software = type;
        return this;
    }

    public Reports release(@Nullable String release, String build) {
        this.version = release;
        this.buildId = build;
        return this;
    }

    public Reports of(@Nullable String name, @Nullable String revision) {
        this.device = name;
        this.hardware = revision;
        return this;
    }

    public Reports uptime(@Nullable Long millis) {
        this.uptimeMillis = millis;
        return this;
    }

    public Reports unknownBuild() {
        this.buildId = null;
        return this;
    }

    public Reports message(String text) {
        this.message = text;
        return this;
    }

    public Reports thread(String name) {
        this.threadName = name;
        return this;
    }

    public Reports imprecise() {
        this.imprecise = true;
        return this;
    }

    public Reports loopingIn(String function) {
        this.loop = function;
        return this;
    }

    public Reports withoutSymbols() {
        this.symbols = false;
        return this;
    }

    /** The trust of the frames that follow, one of the engine's labels. */
    public Reports trust(String label) {
        this.trust = label;
        return this;
    }

    public Reports frame(String function) {
        return at(function, "src/" + function + ".c", 10 + frames.size(), 0x1000L + 16L * frames.size(), false);
    }

    public Reports frame(String function, String file, int line) {
        return at(function, file, line, 0x1000L + 16L * frames.size(), false);
    }

    /** As an image without line information gives it. */
    public Reports frameWithoutFile(String function) {
        return at(function, null, 0, 0x1000L + 16L * frames.size(), false);
    }

    /** Inlined into the frame that follows; both have that frame's pc. */
    public Reports inlined(String function) {
        return at(function, "src/" + function + ".c", 10, 0x1000L + 16L * (frames.size() + 1), true);
    }

    public Reports unnamed(long offset) {
        return at(null, null, 0, offset, false);
    }

    /** A pc outside of every image. */
    public Reports nowhere(long pc) {
        frames.add(new FrameReport(null, null, null, 0, 0, hex(pc), false, trust, null, null));
        return this;
    }

    private Reports at(@Nullable String function, @Nullable String file, int line, long pc, boolean inlined) {
        String label = frames.isEmpty() && trust.equals("cfi") ? "context" : trust;
        frames.add(new FrameReport(function, null, file, line, 0, hex(pc), inlined, label, "firmware.elf", hex(pc)));
        return this;
    }

    private static String hex(long value) {
        return "0x%08x".formatted(value);
    }

    public CrashReport report() {
        return new CrashReport(
                "faultline-device-core-1",
                "arm-cortex-m",
                new CrashIdentity(device, hardware, software, version, buildId, null, message, uptimeMillis),
                reason,
                new FaultReport("It crashed.", null, imprecise, loop, List.of()),
                List.of(new ThreadReport(1, threadName, "running", true, frames, "end of stack")),
                Map.of(),
                List.of(),
                List.of(new ModuleReport("firmware.elf", buildId, "0x0", symbols)),
                List.of(),
                List.of());
    }

    public Fingerprint fingerprint() {
        return new Fingerprinter().of(report());
    }
}
