package dev.faultline.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.VariableReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports are stored as JSON, and read by later versions. */
class StoredReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        new ReportJson().customize(JSON);
    }

    @Test
    void aFrameThatWasStoredBeforeThereWereVariablesHasNone() throws JsonProcessingException {
        var stored = """
                {"function":"apply","linkageName":null,"file":"filter.c","line":3,"column":0,"pc":"0x00000010",
                 "inlined":false,"trust":"context","module":"main-fw","moduleOffset":"0x10"}
                """;

        var frame = JSON.readValue(stored, FrameReport.class);

        assertThat(frame)
                .isEqualTo(new FrameReport(
                        "apply", null, "filter.c", 3, 0, "0x00000010", false, "context", "main-fw", "0x10"));
        assertThat(frame.arguments()).isEmpty();
        assertThat(frame.locals()).isEmpty();
    }

    @Test
    void variablesComeBackAsTheyWereStored() throws JsonProcessingException {
        var frame = new FrameReport("apply", null, "filter.c", 3, 0, "0x00000010", false, "context", "main-fw", "0x10")
                .with(
                        List.of(new VariableReport("raw", "short", "21", null, "known")),
                        List.of(new VariableReport("state", "int *", "0x20000000", "7", "known")));

        assertThat(JSON.readValue(JSON.writeValueAsString(frame), FrameReport.class))
                .isEqualTo(frame);
    }
}
