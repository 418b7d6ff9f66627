package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that was logged before a crash, wherever it was kept, as one log.
 *
 * @param lines oldest first
 * @param warnings what could not be read
 */
public record CrashLogs(List<LogLine> lines, List<String> warnings) {
    /** The text that a coredump came in. */
    private static final String CONSOLE = "console";

    public CrashLogs {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** The logs of a crash: beside it, in the text that it came in, and in its memory. */
    public static CrashLogs of(Coredump coredump, AddressSpace space, LogSources sources, Limits limits) {
        var warnings = new ArrayList<String>();
        var lines = List.<LogLine>of();
        if (sources.uploaded() != null) {
            lines = with(lines, UploadedLog.ORIGIN, UploadedLog.read(sources.uploaded(), space, limits), warnings);
        }
        var console = coredump.text().stream().map(LogText::line).toList();
        lines = with(lines, CONSOLE, ReadLog.of(console), warnings);
        var compact = new CompactConsole(space, limits);
        lines = lines.stream().map(compact::expanded).toList();
        for (var found : new MemoryLogs(space, limits).find(sources.buffers())) {
            lines = with(lines, found.origin(), found.log(), warnings);
        }
        return bounded(lines, warnings, limits);
    }

    private static List<LogLine> with(List<LogLine> lines, String origin, ReadLog log, List<String> warnings) {
        warnings.addAll(log.warnings());
        return LogMerge.of(
                lines, log.lines().stream().map(line -> line.from(origin)).toList());
    }

    /** The last lines, as many as one log may have bytes. */
    private static CrashLogs bounded(List<LogLine> lines, List<String> warnings, Limits limits) {
        long characters = 0;
        int first = lines.size();
        while (first > 0 && characters + lines.get(first - 1).text().length() < limits.logBytes()) {
            characters += lines.get(--first).text().length() + 1;
        }
        if (first > 0) {
            warnings.add("Of the log the first %d lines are left out".formatted(first));
        }
        return new CrashLogs(lines.subList(first, lines.size()), warnings);
    }
}
