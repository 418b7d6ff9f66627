package dev.faultline.symbols.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.FaultReport.FaultRegister;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportTest {

    @Test
    void aReportReadsFromTheCauseToTheDetails() {
        assertThat(TextReport.of(report())).isEqualTo("""
                        Read from address 0x00000004 through a null pointer in `apply`
                        null-deref · main-fw 1.0.0 · rev-a · SN-0007 · up 1 d 00:00:01.081

                        Missing symbols
                          build id abcd
                          faultline symbols upload FILE

                        Thread 2 `sensor`, crashed
                          #0  apply   firmware/filter.c:30  0x000008e0  inlined
                          #1  filter  firmware/filter.c     0x000008e0  context
                          #2  ??      boot+0x00000010       0x08000010  scan
                          end: nothing more

                        Thread 1
                          end: no stack

                        Registers
                          r0   0x00000001   r1   0x00000002   r2   0x00000003   sp   0x20001000
                          pc   0x000008e0

                        Fault registers
                          CFSR  0x00000082  DACCVIOL: forbidden
                                            MMARVALID: address

                        Log
                          00:00:00.090  I  batch
                                           torn
                          00:00:01.000  E  lost

                        Modules
                          main-fw  0x00000000  abcd  no symbols

                        Warnings
                          Damaged after byte 7
                        """);
    }

    @Test
    void argumentsAndLocalsStandBelowTheirFrame() {
        var frame = frame("apply", "firmware/filter.c", 30, "0x000008e0", false, "context")
                .with(
                        List.of(
                                new VariableReport("calibration", "const struct calibration *", "0x0", null, "known"),
                                new VariableReport("raw", "short", "<optimised out>", null, "optimised-out")),
                        List.of(
                                new VariableReport(
                                        "state",
                                        "struct smoothing *",
                                        "0x20000a44 <smoothings+56>",
                                        "{mean = 0.5}",
                                        "known"),
                                new VariableReport("line", "char [64]", "\"" + "x".repeat(64) + "\"", null, "known"),
                                new VariableReport("gone", "int", "<not in dump>", null, "not-in-dump"),
                                new VariableReport("long", "int [90]", "7".repeat(161), null, "known")));
        var report = report();
        var threads = List.of(new ThreadReport(1, null, null, true, List.of(frame), "nothing more"));

        assertThat(TextReport.of(new CrashReport(
                        report.format(),
                        report.architecture(),
                        report.identity(),
                        report.reason(),
                        report.fault(),
                        threads,
                        report.registers(),
                        report.logs(),
                        report.modules(),
                        report.missingSymbols(),
                        report.warnings())))
                .contains("""
                        Thread 1, crashed
                          #0  apply  firmware/filter.c:30  0x000008e0  context
                              arguments  calibration = 0x0 · optimised out: raw
                              locals     state = 0x20000a44 <smoothings+56> → {mean = 0.5}
                                         line = "%s" · gone = <not in dump>
                                         long = %s...
                          end: nothing more
                        """.formatted("x".repeat(64), "7".repeat(160)));
    }

    @Test
    void aStyleDoesNotMoveTheColumns() {
        TextReport.Style marked = (part, text) -> "<" + part + ">" + text + "</>";

        var styled = TextReport.of(report(), marked);

        assertThat(styled).contains("<FAULT>Read from").contains("<COMMAND>faultline symbols upload FILE</>");
        assertThat(styled.replaceAll("<[A-Z/]*>", "").lines().map(String::stripTrailing))
                .containsExactlyElementsOf(TextReport.of(report()).lines().toList());
    }

    private static CrashReport report() {
        var registers = new LinkedHashMap<String, String>();
        registers.put("r0", "0x00000001");
        registers.put("r1", "0x00000002");
        registers.put("r2", "0x00000003");
        registers.put("sp", "0x20001000");
        registers.put("pc", "0x000008e0");
        return new CrashReport(
                "faultline-device-core-1",
                "arm-cortex-m",
                new CrashIdentity("SN-0007", "rev-a", "main-fw", "1.0.0", "abcd", "mem-manage", null, 86_401_081L),
                ReasonFamily.NULL_DEREF,
                new FaultReport(
                        "Read from address 0x00000004 through a null pointer in `apply`",
                        "0x00000004",
                        false,
                        List.of(
                                new FaultRegister(
                                        "CFSR", "0x00000082", List.of("DACCVIOL: forbidden", "MMARVALID: address")),
                                new FaultRegister("HFSR", "0x00000000", List.of()))),
                List.of(
                        new ThreadReport(
                                2,
                                "sensor",
                                "running",
                                true,
                                List.of(
                                        frame("apply", "firmware/filter.c", 30, "0x000008e0", true, "context"),
                                        frame("filter", "firmware/filter.c", 0, "0x000008e0", false, "context"),
                                        new FrameReport(
                                                null,
                                                null,
                                                null,
                                                0,
                                                0,
                                                "0x08000010",
                                                false,
                                                "scan",
                                                "boot",
                                                "0x00000010")),
                                "nothing more"),
                        new ThreadReport(1, null, null, false, List.of(), "no stack")),
                Collections.unmodifiableMap(registers),
                List.of(
                        new LogLine(90L, "I", "batch"),
                        new LogLine(null, null, "torn"),
                        new LogLine(1000L, "E", "lost")),
                List.of(new ModuleReport("main-fw", "abcd", "0x00000000", false)),
                List.of(new MissingSymbols("abcd", null, null, "faultline symbols upload FILE")),
                List.of("Damaged after byte 7"));
    }

    private static FrameReport frame(String function, String file, int line, String pc, boolean inlined, String trust) {
        return new FrameReport(function, null, file, line, 0, pc, inlined, trust, "main-fw", pc);
    }
}
