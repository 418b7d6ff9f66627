package dev.faultline.fingerprint;

import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.unwind.Trust;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame while a stack is read: what is known of it, and what was decided so far. */
final class LogicalFrame {
    final FrameReport report;
    final String name;
    final boolean named;
    /** Its image should have symbols and has none. */
    final boolean symbolsMissing;

    final FingerprintRules.@Nullable Rule rule;

    FramePart part;

    @Nullable
    String because;

    final List<String> keys = new ArrayList<>(3);
    boolean recursive;

    LogicalFrame(
            FrameReport report,
            String name,
            boolean named,
            boolean symbolsMissing,
            FingerprintRules.@Nullable Rule rule,
            FramePart part,
            @Nullable String because) {
        this.report = report;
        this.name = name;
        this.named = named;
        this.symbolsMissing = symbolsMissing;
        this.rule = rule;
        this.part = part;
        this.because = because;
    }

    void outside(String reason) {
        part = FramePart.OUTSIDE;
        because = reason;
    }

    boolean noticesOnly() {
        return part == FramePart.SKIP || part == FramePart.SENTINEL;
    }

    boolean kept() {
        return part == FramePart.RELEVANT || part == FramePart.PREFIX;
    }

    boolean trusts(Trust trust) {
        return report.trust().equals(trust.label());
    }

    /** The name in a signature. */
    String shown() {
        return recursive ? name + " ↻" : name;
    }

    /** Where in its image it is, which says something within one build only. */
    String offset() {
        return report.moduleOffset() == null ? report.pc() : report.moduleOffset();
    }

    @Nullable
    String fileName() {
        String file = report.file();
        return file == null
                ? null
                : FunctionNames.printable(file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1));
    }

    FingerprintFrame explained() {
        String function = report.function() == null ? null : FunctionNames.printable(report.function());
        return new FingerprintFrame(
                name,
                function == null || function.equals(name) ? null : function,
                part,
                rule == null ? null : rule.id(),
                because,
                keys,
                fileName(),
                report.line());
    }
}
