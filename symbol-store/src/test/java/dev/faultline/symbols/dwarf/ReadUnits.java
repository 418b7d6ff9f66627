package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.List;

/** What all units of a file say, as texts to compare: functions with the calls inlined into them, rows of lines. */
final class ReadUnits {
    final List<String> nodes = new ArrayList<>();
    final List<String> sequences = new ArrayList<>();
    final List<String> units = new ArrayList<>();
    final List<String> diagnostics = new ArrayList<>();

    static ReadUnits of(HandmadeElf elf) {
        return of(elf, Companions.NONE, Limits.DEFAULT);
    }

    static ReadUnits of(HandmadeElf elf, Companions companions, Limits limits) {
        try (var opened = elf.open()) {
            return of(opened, companions, limits);
        }
    }

    static ReadUnits of(ElfFile elf, Companions companions, Limits limits) {
        var read = new ReadUnits();
        var debugInfo = DebugInfo.open(elf, companions, limits, read.diagnostics::add);
        var reader = debugInfo.reader();
        var code = new UnitCode();
        for (Unit unit : debugInfo.units()) {
            read.units.add("%s version %d language 0x%x".formatted(unit.name(), unit.version(), unit.language()));
            reader.read(unit, code);
            read.add(code, debugInfo.texts());
        }
        return read;
    }

    void add(UnitCode code, DebugTexts texts) {
        for (int node = 0; node < code.nodes(); node++) {
            nodes.add(node(code, node, texts));
        }
        var lines = code.lines();
        for (int sequence = 0; sequence < lines.sequences(); sequence++) {
            var text = new StringBuilder();
            for (int row = lines.firstRow(sequence); row < lines.endRow(sequence); row++) {
                text.append("%x %s:%d:%d, "
                        .formatted(
                                lines.address(row), path(lines, lines.file(row)), lines.line(row), lines.column(row)));
            }
            sequences.add(text + "%x".formatted(lines.end(sequence)));
        }
    }

    /** Like {@code  . _Zpush (push) 100-104 110-114 at ring.c:7:3}: a dot for each level. */
    private static String node(UnitCode code, int node, DebugTexts texts) {
        var text = new StringBuilder();
        for (int around = code.parent(node); around != UnitCode.NONE; around = code.parent(around)) {
            text.append(". ");
        }
        if (code.linkageName(node) != DebugTexts.NONE) {
            text.append(texts.text(code.linkageName(node))).append(" = ");
        }
        text.append(code.name(node) == DebugTexts.NONE ? "?" : texts.text(code.name(node)));
        for (int range = code.firstRange(node); range < code.endRange(node); range++) {
            text.append(" %x-%x".formatted(code.rangeStart(range), code.rangeEnd(range)));
        }
        if (code.parent(node) != UnitCode.NONE) {
            text.append(" at %s:%d:%d"
                    .formatted(path(code.lines(), code.callFile(node)), code.callLine(node), code.callColumn(node)));
        }
        return text.toString();
    }

    private static String path(LineRows lines, int file) {
        return file == UnitCode.NONE ? "?" : lines.path(file);
    }
}
