package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.elf.BuildId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The summary inside the index file. */
final class SummaryCodec {
    private SummaryCodec() {}

    static Bytes write(IndexSummary summary) {
        var out = new Bytes();
        text(out, summary.architecture());
        out.uleb(summary.addressSize());
        text(out, summary.state().label());
        text(out, summary.reason());
        text(out, summary.advice());
        flag(out, summary.linkerBuildId());
        flag(out, summary.stripped());
        flag(out, summary.linkTimeOptimized());
        texts(out, summary.producers());
        out.uleb(summary.functions());
        out.uleb(summary.functionsWithoutDebugInfo());
        out.uleb(summary.inlinedCalls());
        out.uleb(summary.lineRuns());
        out.uleb(summary.dataSymbols());
        out.uleb(summary.unwindRows());
        out.uleb(summary.textBytes());
        out.u64(Double.doubleToLongBits(summary.lineCoverage()));
        out.u64(Double.doubleToLongBits(summary.unwindCoverage()));
        out.uleb(summary.dwarfVersions().size());
        summary.dwarfVersions().forEach(out::uleb);
        texts(out, summary.diagnostics());
        return out;
    }

    static IndexSummary read(BuildId buildId, ByteReader in) {
        String architecture = text(in);
        int addressSize = (int) in.uleb();
        var state = state(in, text(in));
        String reason = text(in);
        String advice = text(in);
        boolean linkerBuildId = flag(in);
        boolean stripped = flag(in);
        boolean linkTimeOptimized = flag(in);
        var producers = texts(in);
        int functions = (int) in.uleb();
        int functionsWithoutDebugInfo = (int) in.uleb();
        int inlinedCalls = (int) in.uleb();
        int lineRuns = (int) in.uleb();
        int dataSymbols = (int) in.uleb();
        int unwindRows = (int) in.uleb();
        long textBytes = in.uleb();
        double lineCoverage = Double.longBitsToDouble(in.u64());
        double unwindCoverage = Double.longBitsToDouble(in.u64());
        var versions = new ArrayList<Integer>();
        for (long left = in.uleb(); left > 0; left--) {
            versions.add((int) in.uleb());
        }
        var diagnostics = texts(in);
        return new IndexSummary(
                buildId,
                architecture,
                addressSize,
                state,
                reason,
                advice,
                linkerBuildId,
                stripped,
                linkTimeOptimized,
                producers,
                functions,
                functionsWithoutDebugInfo,
                inlinedCalls,
                lineRuns,
                dataSymbols,
                unwindRows,
                textBytes,
                lineCoverage,
                unwindCoverage,
                versions,
                diagnostics);
    }

    private static IndexSummary.State state(ByteReader in, String label) {
        for (var state : IndexSummary.State.values()) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        throw in.error("state %s", label);
    }

    private static void flag(Bytes out, boolean flag) {
        out.u8(flag ? 1 : 0);
    }

    private static boolean flag(ByteReader in) {
        return in.u8() != 0;
    }

    private static void texts(Bytes out, List<String> texts) {
        out.uleb(texts.size());
        texts.forEach(text -> text(out, text));
    }

    private static List<String> texts(ByteReader in) {
        var texts = new ArrayList<String>();
        for (long left = in.uleb(); left > 0; left--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static void text(Bytes out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.uleb(utf8.length);
        out.bytes(utf8);
    }

    private static String text(ByteReader in) {
        long length = in.uleb();
        if (length < 0 || length > in.remaining()) {
            throw in.error("text of 0x%x bytes, 0x%x left", length, in.remaining());
        }
        return new String(in.bytes((int) length), StandardCharsets.UTF_8);
    }
}
