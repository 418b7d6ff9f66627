package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.VariableReport;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.variables.CrashVariables;
import dev.faultline.symbols.variables.ValueLimits;
import dev.faultline.symbols.variables.Variable;
import java.util.ArrayList;
import java.util.List;

/** Puts arguments and locals into the frames of a report. */
final class FrameVariables {
    /** Frames of each thread that did not crash. */
    private static final int FRAMES_OF_OTHERS = 4;

    /** Most characters of all values of one report: reports are rows. */
    private static final int MOST_IN_REPORT = 1 << 16;

    private final CrashVariables variables;
    private final ValueLimits limits = ValueLimits.DEFAULT;
    private int charactersLeft = MOST_IN_REPORT;

    FrameVariables(AddressSpace space, Limits limits) {
        this.variables = new CrashVariables(space, limits, this.limits);
    }

    /** The levels of one frame with their variables, as many as the report has room for. */
    List<FrameReport> with(List<FrameReport> levels, DumpThread thread, List<Frame> stack, int index) {
        int most = thread.crashed() ? limits.frames() : FRAMES_OF_OTHERS;
        if (index >= most || charactersLeft <= 0) {
            return levels;
        }
        var found = variables.frame(stack, index);
        // both end with the function itself
        int ahead = levels.size() - found.size();
        var shown = new ArrayList<FrameReport>();
        for (int i = 0; i < levels.size(); i++) {
            if (i < ahead || i - ahead >= found.size()) {
                shown.add(levels.get(i));
                continue;
            }
            var level = found.get(i - ahead);
            shown.add(levels.get(i).with(reports(level.arguments()), reports(level.locals())));
        }
        return shown;
    }

    private List<VariableReport> reports(List<Variable> read) {
        var reports = new ArrayList<VariableReport>();
        for (var variable : read) {
            if (charactersLeft <= 0) {
                break;
            }
            var report = VariableReports.of(variable);
            var target = report.target();
            charactersLeft -= report.name().length()
                    + report.type().length()
                    + report.value().length()
                    + (target == null ? 0 : target.length());
            reports.add(report);
        }
        return reports;
    }
}
