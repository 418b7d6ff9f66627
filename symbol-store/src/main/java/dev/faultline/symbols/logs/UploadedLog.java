package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.UploadedFile;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;

/** The log that came beside a coredump: text, Zephyr's dictionary log, or both; plain or packed. */
final class UploadedLog {
    static final String ORIGIN = "upload";

    private UploadedLog() {}

    /** Its last lines, as many as a log may have bytes; of an archive those of all files. */
    static ReadLog read(MemorySegment uploaded, AddressSpace space, Limits limits) {
        var lines = new ArrayList<LogLine>();
        var warnings = new ArrayList<String>();
        try {
            for (var file : UploadedFile.of(uploaded, limits)) {
                file.damage().ifPresent(damage -> warnings.add("The uploaded log is damaged: " + damage));
                long size = file.bytes().byteSize();
                long from = Math.max(0, size - limits.logBytes());
                if (from > 0) {
                    warnings.add(
                            "Of the %d bytes of the uploaded log the last %d are read".formatted(size, size - from));
                }
                var log = new DictionaryText(space, limits)
                        .read(file.bytes().asSlice(from).toArray(ValueLayout.JAVA_BYTE));
                lines.addAll(log.lines());
                warnings.addAll(log.warnings());
            }
        } catch (FormatException e) {
            warnings.add("The uploaded log can not be read: " + e.getMessage());
        }
        return new ReadLog(lines, warnings);
    }
}
