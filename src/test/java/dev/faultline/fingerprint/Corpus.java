package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ReasonFamily;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** The reports of the corpus' crashes, each with the bug that it is of: lines of JSON, packed. */
public final class Corpus {
    public static final Path COMMITTED = Path.of("..", "firmware-fixtures", "corpus", "reports.jsonl.xz");

    private static final ObjectMapper JSON = new ObjectMapper()
            .setSerializationInclusion(JsonInclude.Include.NON_NULL)
            .addMixIn(ReasonFamily.class, ByLabel.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private interface ByLabel {
        @JsonValue
        String label();

        @JsonCreator
        static ReasonFamily of(String label) {
            return ReasonFamily.of(label);
        }
    }

    private Corpus() {}

    /**
     * One crash, and the truth about it.
     *
     * @param bug number of the planted bug
     * @param path number of the entry that led to it
     * @param symbols what the debug file had: {@code all}, {@code names}, {@code none}
     * @param stack bytes of the stack in the dump; 0: all of RAM
     * @param report as it was made when the crash came
     * @param later of a crash without symbols: as it is made again when they have come
     */
    public record Crash(
            int bug,
            int path,
            int release,
            String compiler,
            String optimisation,
            String symbols,
            int stack,
            CrashReport report,
            @Nullable CrashReport later) {

        /** What is known in the end. */
        public CrashReport end() {
            return later == null ? report : later;
        }
    }

    public static List<Crash> read(Path file) throws IOException {
        List<Crash> crashes = new ArrayList<>();
        try (var lines = new BufferedReader(
                new InputStreamReader(new XZInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crashes.add(JSON.readValue(line, Crash.class));
            }
        }
        return crashes;
    }

    static void write(Path file, List<Crash> crashes) throws IOException {
        try (var lines = new BufferedWriter(new OutputStreamWriter(
                new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(9)), StandardCharsets.UTF_8))) {
            for (Crash crash : crashes) {
                lines.write(JSON.writeValueAsString(crash));
                lines.write('\n');
            }
        }
    }
}
