package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole reports as somebody looked at them. */
final class GoldenReport {

    private GoldenReport() {}

    /** Compares; {@code -Dupdate.report=true} writes before: look at what changed. */
    static void check(CrashReport report, Path golden) throws IOException {
        var text = TextReport.of(report);
        if (Boolean.getBoolean("update.report")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }

        assertThat(text).isEqualTo(Files.readString(golden));
    }
}
