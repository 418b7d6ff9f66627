package dev.faultline.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.ThreadReport.StackMemory;
import dev.faultline.symbols.report.VariableReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reports in the database outlive the version that wrote them. */
class StoredReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        new ReportJson().customize(JSON);
    }

    /** As it was written before threads had priorities and stacks, faults an access, and registers something to point at. */
    private static final String OF_BEFORE = """
            {"format": "faultline-device-core-1", "architecture": "arm-cortex-m",
             "identity": {"device": "SN-0007", "software": "main-fw", "version": "1.0.0", "buildId": "abcd"},
             "reason": "null-deref",
             "fault": {"sentence": "Read from address 0x00000004 through a null pointer in `apply`",
                       "address": "0x00000004", "imprecise": false,
                       "registers": [{"name": "CFSR", "value": "0x00000082", "meanings": ["DACCVIOL: forbidden"]}]},
             "threads": [{"id": 2, "name": "sensor", "state": "running", "crashed": true, "frames": [], "stop": "nothing more"}],
             "registers": {"r0": "0x00000000"},
             "logs": [], "modules": [], "missingSymbols": [], "warnings": []}
            """;

    @Test
    void aReportOfBeforeIsStillRead() throws JsonProcessingException {
        var report = JSON.readValue(OF_BEFORE, CrashReport.class);

        assertThat(report.reason()).isEqualTo(ReasonFamily.NULL_DEREF);
        assertThat(report.registers()).containsExactly(Map.entry("r0", "0x00000000"));
        assertThat(report.pointers()).isEmpty();
        assertThat(report.fault().access()).isNull();
        assertThat(report.fault().loop()).isNull();
        assertThat(report.threads())
                .containsExactly(new ThreadReport(2, "sensor", "running", true, List.of(), "nothing more"));
        assertThat(TextReport.of(report))
                .startsWith("Read from address 0x00000004")
                .contains("Thread 2 `sensor`, crashed\n  end: nothing more\n");
    }

    @Test
    void whatThreadsFaultsAndRegistersSayIsKept() throws JsonProcessingException {
        var before = JSON.readValue(OF_BEFORE, CrashReport.class);
        var report = new CrashReport(
                before.format(),
                before.architecture(),
                before.identity(),
                before.reason(),
                new FaultReport("Write", "0x00000004", false, List.of())
                        .accessing("wrote 4 bytes to 0x00000004 through r0: null plus 4"),
                List.of(new ThreadReport(
                        0x2000_0170L,
                        "reader",
                        "blocked",
                        "a message from `mail_queue`",
                        5,
                        new StackMemory("0x20001080", 512L, 100L, "the last bytes of its stack were written over"),
                        false,
                        List.of(),
                        "nothing more")),
                before.registers(),
                Map.of("r0", "`tasks`+0x4"),
                List.of(),
                List.of(),
                List.of(),
                List.of());

        assertThat(JSON.readValue(JSON.writeValueAsString(report), CrashReport.class))
                .isEqualTo(report);
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
