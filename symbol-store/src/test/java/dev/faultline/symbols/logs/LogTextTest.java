package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void theUsualFormsOfALineSayUptimeLevelAndSource() {
        assertThat(LogText.line("[90] W batch late")).isEqualTo(line(90L, "W", null, "batch late"));
        assertThat(LogText.line("[00:01:02.090,123] <err> net_tcp: refused"))
                .isEqualTo(line(62_090L, "E", "net_tcp", "refused"));
        assertThat(LogText.line("[2 days, 01:00:00.000,000] <dbg> tick"))
                .isEqualTo(line(176_400_000L, "D", null, "tick"));
        assertThat(LogText.line("I (312) wifi: connected")).isEqualTo(line(312L, "I", "wifi", "connected"));
        assertThat(LogText.line("[    1.234567] usb 1-1: new device"))
                .isEqualTo(line(1234L, null, null, "usb 1-1: new device"));
        assertThat(LogText.line("assert failed: queue.c:12"))
                .isEqualTo(line(null, null, null, "assert failed: queue.c:12"));
    }

    @Test
    void whatIsNoTextIsWrittenOut() {
        assertThat(lines("a\u001b[2Jb\u0007\r\n\u001b[31m[1] E red\u001b[0m\n\n\0c\u202ed"))
                .extracting(LogLine::text)
                .containsExactly("a\\x1b[2Jb\\x07", "red", "c\\u202ed");
        assertThat(LogText.lines(
                        new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xc3, (byte) 0xa9, (byte) 0xe2}))
                .extracting(LogLine::text)
                .containsExactly("a\\xff\\xc3bé\\xe2");
    }

    @Property
    void noByteReachesATerminal(@ForAll byte[] bytes) {
        assertThat(LogText.lines(bytes))
                .allSatisfy(
                        line -> assertThat(line.text().chars()).noneMatch(c -> c != '\t' && Character.isISOControl(c)));
    }

    private static List<LogLine> lines(String text) {
        return LogText.lines(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LogLine line(@Nullable Long uptime, @Nullable String level, @Nullable String source, String text) {
        return new LogLine(uptime, null, level, source, text, List.of());
    }
}
