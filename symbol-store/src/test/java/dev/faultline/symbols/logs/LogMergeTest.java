package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogMergeTest {

    @Test
    void twoLogsBecomeOneByUptime() {
        assertThat(merged(upload("[1] I a", "[5] I c"), ring("[3] I b", "[9] I d")))
                .containsExactly("1 a upload", "3 b ring", "5 c upload", "9 d ring");
    }

    @Test
    void aLineWithoutUptimeStaysBehindTheOneBeforeIt() {
        assertThat(merged(upload("banner", "[1] I a", "  more of a", "[5] I c"), ring("[3] I b", "more of b")))
                .containsExactly(
                        "banner upload",
                        "1 a upload",
                        "  more of a upload",
                        "3 b ring",
                        "more of b ring",
                        "5 c upload");
    }

    @Test
    void aLineThatBothHaveIsThereOnceAndSaysSo() {
        assertThat(merged(upload("[1] I a", "[3] I b", "[3] I b"), ring("[3] I b", "[4] I c")))
                .containsExactly("1 a upload", "3 b upload+ring", "3 b upload", "4 c ring");
    }

    @Test
    void logsWithoutAnyUptimeMeetWhereTheirLinesAreTheSame() {
        assertThat(merged(upload("a", "b", "c"), ring("b", "c", "d")))
                .containsExactly("a upload", "b upload+ring", "c upload+ring", "d ring");
        assertThat(merged(upload("c", "d"), ring("a", "b", "c")))
                .containsExactly("a ring", "b ring", "c upload+ring", "d upload");
        assertThat(merged(upload("[1] I a", "[2] I b"), ring("x", "y")))
                .containsExactly("1 a upload", "2 b upload", "x ring", "y ring");
    }

    @Test
    void ofALogOverSeveralBootsTheOneIsTakenThatTheRingIsOf() {
        assertThat(merged(
                        upload("[500] I old", "[1] I boot", "[200] I work", "[1] I boot", "[90] I after"),
                        ring("[200] I work", "[201] E crash")))
                .containsExactly(
                        "500 old upload",
                        "1 boot upload",
                        "200 work upload+ring",
                        "201 crash ring",
                        "1 boot upload",
                        "90 after upload");
    }

    @Property
    void nothingIsLostAndEachLogKeepsItsOrder(
            @ForAll List<@IntRange(min = 0, max = 50) Integer> one,
            @ForAll List<@IntRange(min = 0, max = 50) Integer> other) {
        var upload = numbered(one, "upload");
        var ring = numbered(other, "ring");

        var merged = LogMerge.of(upload, ring);

        assertThat(of("upload", merged)).isEqualTo(texts(upload));
        assertThat(of("ring", merged)).isEqualTo(texts(ring));
    }

    private static List<LogLine> numbered(List<Integer> uptimes, String origin) {
        var lines = new ArrayList<LogLine>();
        for (int uptime : uptimes) { // every seventh has none
            lines.add(new LogLine(uptime % 7 == 0 ? null : (long) uptime, null, "line " + uptime).from(origin));
        }
        return lines;
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    private static List<String> of(String origin, List<LogLine> lines) {
        return texts(
                lines.stream().filter(line -> line.origins().contains(origin)).toList());
    }

    private static List<LogLine> upload(String... lines) {
        return Stream.of(lines).map(line -> LogText.line(line).from("upload")).toList();
    }

    private static List<LogLine> ring(String... lines) {
        return Stream.of(lines).map(line -> LogText.line(line).from("ring")).toList();
    }

    private static List<String> merged(List<LogLine> one, List<LogLine> other) {
        return LogMerge.of(one, other).stream()
                .map(line -> (line.uptimeMillis() == null ? "" : line.uptimeMillis() + " ")
                        + line.text()
                        + " "
                        + String.join("+", line.origins()))
                .toList();
    }
}
