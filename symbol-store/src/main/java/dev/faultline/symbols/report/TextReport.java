package dev.faultline.symbols.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as text for a terminal or a bug tracker: aligned, lines ended by {@code \n}, no trailing blanks. */
public final class TextReport {
    /** Longer function names do not push the places of all others to the right. */
    private static final int WIDEST_NAME = 40;

    private static final int WIDEST_PLACE = 48;
    private static final int REGISTERS_IN_A_ROW = 4;

    /** Variables go on in the next line where this one would get wider. */
    private static final int WIDEST_VARIABLES = 120;

    /** Of a longer value the report as JSON has more. */
    private static final int LONGEST_VALUE = 160;

    private static final int VARIABLES_LABEL = 9;

    /** What a piece of text is, for a terminal that has colours. */
    public enum Part {
        HEADING,
        FAULT,
        FUNCTION,
        PLACE,
        FAINT,
        WARNING,
        COMMAND
    }

    /** Wraps a piece of text in whatever shows it as the part it is; must not change its width on screen. */
    @FunctionalInterface
    public interface Style {
        /** No colours. */
        Style PLAIN = (part, text) -> text;

        String apply(Part part, String text);
    }

    private final CrashReport report;
    private final Style style;
    private final StringBuilder text = new StringBuilder();

    private TextReport(CrashReport report, Style style) {
        this.report = report;
        this.style = style;
    }

    /** The report without colours. */
    public static String of(CrashReport report) {
        return of(report, Style.PLAIN);
    }

    public static String of(CrashReport report, Style style) {
        return new TextReport(report, style).write();
    }

    private String write() {
        line(style.apply(Part.FAULT, report.fault().sentence()));
        if (report.fault().access() != null) {
            line("The instruction " + report.fault().access());
        }
        line(style.apply(Part.FAINT, identity()));
        missingSymbols();
        for (var thread : report.threads()) {
            thread(thread);
        }
        registers();
        faultRegisters();
        log();
        modules();
        warnings();
        return text.toString();
    }

    private String identity() {
        var identity = report.identity();
        var software = Stream.of(identity.software(), identity.version())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        var uptime = identity.uptimeMillis();
        return Stream.of(
                        report.reason().label(),
                        software,
                        identity.hardware(),
                        identity.device(),
                        uptime == null ? null : "up " + uptime(uptime))
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(" · "));
    }

    private void missingSymbols() {
        if (report.missingSymbols().isEmpty()) {
            return;
        }
        heading("Missing symbols");
        for (var missing : report.missingSymbols()) {
            line("  build id " + missing.buildId());
            line("  " + style.apply(Part.COMMAND, missing.command()));
        }
    }

    private void thread(ThreadReport thread) {
        var name = thread.name() == null ? "" : " `" + thread.name() + "`";
        heading("Thread " + thread.number() + name + (thread.crashed() ? ", crashed" : ""));
        var kernel = kernel(thread);
        if (!kernel.isEmpty()) {
            line("  " + style.apply(Part.FAINT, kernel));
        }
        if (thread.memory() != null && thread.memory().overflow() != null) {
            line("  "
                    + style.apply(
                            Part.WARNING, "stack overflow: " + thread.memory().overflow()));
        }
        int nameWidth = width(thread.frames().stream().map(TextReport::function), WIDEST_NAME);
        int placeWidth = width(thread.frames().stream().map(TextReport::place), WIDEST_PLACE);
        int numberWidth = String.valueOf(thread.frames().size()).length();
        int number = 0;
        for (var frame : thread.frames()) {
            line("  "
                    + style.apply(Part.FAINT, padded("#" + number++, numberWidth + 1))
                    + "  "
                    + style.apply(Part.FUNCTION, padded(function(frame), nameWidth))
                    + "  "
                    + style.apply(Part.PLACE, padded(place(frame), placeWidth))
                    + "  "
                    + style.apply(Part.FAINT, frame.pc() + "  " + (frame.inlined() ? "inlined" : frame.trust())));
            variables("arguments", frame.arguments());
            variables("locals", frame.locals());
        }
        line("  " + style.apply(Part.FAINT, "end: " + thread.stop()));
    }

    private static String kernel(ThreadReport thread) {
        var memory = thread.memory();
        boolean sized = memory != null && memory.size() != null;
        return Stream.of(
                        thread.crashed() && thread.priority() == null && !sized ? null : thread.situation(),
                        thread.priority() == null ? null : "priority " + thread.priority(),
                        memory == null || memory.size() == null
                                ? null
                                : memory.used() == null
                                        ? "stack of %d bytes".formatted(memory.size())
                                        : "stack %d of %d bytes used at most".formatted(memory.used(), memory.size()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" · "));
    }

    /** Arguments or locals, one behind the other; those that nobody kept at the end, by their names alone. */
    private void variables(String label, List<VariableReport> variables) {
        if (variables.isEmpty()) {
            return;
        }
        var words = new ArrayList<String>();
        variables.stream().filter(one -> !isGone(one)).map(TextReport::text).forEach(words::add);
        var gone = variables.stream()
                .filter(TextReport::isGone)
                .map(VariableReport::name)
                .toList();
        if (!gone.isEmpty()) {
            words.add("optimised out: " + String.join(" ", gone));
        }
        var row = new StringBuilder();
        String begin = "      " + padded(label, VARIABLES_LABEL) + "  ";
        for (var word : words) {
            boolean full = !row.isEmpty() && begin.length() + row.length() + 3 + word.length() > WIDEST_VARIABLES;
            if (full) {
                line(style.apply(Part.FAINT, begin) + row);
                begin = " ".repeat(begin.length());
                row.setLength(0);
            }
            row.append(row.isEmpty() ? "" : " · ").append(word);
        }
        line(style.apply(Part.FAINT, begin) + row);
    }

    private static boolean isGone(VariableReport variable) {
        return variable.state().equals("optimised-out");
    }

    private static String text(VariableReport variable) {
        var pointed = variable.target() == null ? "" : " → " + cut(variable.target());
        return variable.name() + " = " + cut(variable.value()) + pointed;
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
    }

    private void registers() {
        if (report.registers().isEmpty()) {
            return;
        }
        heading("Registers");
        var row = new ArrayList<String>();
        for (var register : report.registers().entrySet()) {
            row.add("%-4s %s".formatted(register.getKey(), register.getValue()));
            if (row.size() == REGISTERS_IN_A_ROW) {
                line("  " + String.join("   ", row));
                row.clear();
            }
        }
        if (!row.isEmpty()) {
            line("  " + String.join("   ", row));
        }
        for (var pointer : report.pointers().entrySet()) {
            line("  %-4s %s".formatted(pointer.getKey(), pointer.getValue()));
        }
    }

    private void faultRegisters() {
        var registers = report.fault().registers().stream()
                .filter(register -> !register.meanings().isEmpty())
                .toList();
        if (registers.isEmpty()) {
            return;
        }
        heading("Fault registers");
        for (var register : registers) {
            var name = "%-5s %s".formatted(register.name(), register.value());
            for (var meaning : register.meanings()) {
                line("  " + name + "  " + meaning);
                name = " ".repeat(name.length());
            }
        }
    }

    private void log() {
        var lines = report.logs();
        if (lines.isEmpty()) {
            return;
        }
        boolean oneOrigin = lines.stream().map(LogLine::origins).distinct().count() == 1;
        var origin = origins(lines.getFirst());
        heading(oneOrigin && !origin.isEmpty() ? "Log (%s)".formatted(origin) : "Log");
        int timeWidth = width(lines.stream().map(TextReport::time), WIDEST_NAME);
        int originWidth = oneOrigin ? 0 : width(lines.stream().map(TextReport::origins), WIDEST_NAME);
        for (var entry : lines) {
            var level = entry.level() == null ? " " : entry.level();
            var time = " ".repeat(Math.max(0, timeWidth - time(entry).length())) + time(entry);
            var from = oneOrigin ? "" : "  " + padded(origins(entry), originWidth);
            var body = level + "  " + (entry.source() == null ? "" : entry.source() + ": ") + entry.text();
            boolean loud = level.equals("E") || level.equals("W");
            line("  " + style.apply(Part.FAINT, time + from) + "  " + (loud ? style.apply(Part.WARNING, body) : body));
        }
    }

    private static String origins(LogLine entry) {
        return String.join(", ", entry.origins());
    }

    private void modules() {
        if (report.modules().isEmpty()) {
            return;
        }
        heading("Modules");
        int nameWidth = width(report.modules().stream().map(ModuleReport::name), WIDEST_NAME);
        for (var module : report.modules()) {
            var buildId = module.buildId() == null ? "build id unknown" : module.buildId();
            line("  %s  %s  %s  %s"
                    .formatted(
                            padded(module.name(), nameWidth),
                            module.address(),
                            buildId,
                            module.symbols() ? "symbols" : "no symbols"));
        }
    }

    private void warnings() {
        if (report.warnings().isEmpty()) {
            return;
        }
        heading("Warnings");
        for (var warning : report.warnings()) {
            line("  " + style.apply(Part.WARNING, warning));
        }
    }

    private void heading(String heading) {
        text.append('\n');
        line(style.apply(Part.HEADING, heading));
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    private static String function(FrameReport frame) {
        return frame.function() != null ? frame.function() : "??";
    }

    private static String place(FrameReport frame) {
        if (frame.file() != null) {
            return frame.line() == 0 ? frame.file() : frame.file() + ":" + frame.line();
        }
        return frame.module() == null ? "" : frame.module() + "+" + frame.moduleOffset();
    }

    private static String time(LogLine entry) {
        if (entry.uptimeMillis() == null) {
            return entry.time() == null ? "" : entry.time();
        }
        return uptime(entry.uptimeMillis());
    }

    /** {@code 3 d 04:05:06.007}, without the days where there are none. */
    private static String uptime(long millis) {
        long days = millis / 86_400_000;
        var clock = "%02d:%02d:%02d.%03d"
                .formatted(millis / 3_600_000 % 24, millis / 60_000 % 60, millis / 1000 % 60, millis % 1000);
        return days == 0 ? clock : days + " d " + clock;
    }

    private static int width(Stream<String> column, int widest) {
        return column.map(String::length)
                .filter(length -> length <= widest)
                .max(Comparator.naturalOrder())
                .orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
