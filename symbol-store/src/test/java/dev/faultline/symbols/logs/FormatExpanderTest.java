package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.logs.FormatString.Length;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatExpanderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '"',
            value = {
                "%d|-7|-7",
                "%i|7|7",
                "%u|-1|4294967295",
                "%hhd|255|-1",
                "%hu|65537|1",
                "%lu|-1|4294967295",
                "%zu|-1|4294967295",
                "%llu|-1|18446744073709551615",
                "%jd|-9223372036854775808|-9223372036854775808",
                "%x|255|ff",
                "%#X|255|0XFF",
                "%#x|0|0",
                "%#o|8|010",
                "%#b|5|0b101",
                "%5d|42|\"   42\"",
                "%-5d,|42|\"42   ,\"",
                "%05d|-42|-0042",
                "%+d|42|+42",
                "% d|42| 42",
                "%.3d|7|007",
                "%08.3d|7|\"     007\"",
                "%.0d|0|\"\"",
                "%c|65|A",
                "%p|536870912|0x20000000",
                "%n|4|\"\"",
                "100%%|1|100%"
            })
    void integersComeOutAsOfPrintf(String format, long argument, String expected) {
        assertThat(expand(format, argument)).isEqualTo(expected);
    }

    /** What glibc 2.36 prints. */
    @ParameterizedTest
    @CsvSource({
        "%f,1.5,1.500000",
        "%.0f,2.5,2",
        "%#.0f,2.5,2.",
        "%.3f,-0.0005,-0.001",
        "%08.2f,-3.14159,-0003.14",
        "%e,12345.678,1.234568e+04",
        "%.0e,0,0e+00",
        "%E,1e-300,1.000000E-300",
        "%g,0.0001,0.0001",
        "%g,0.00001,1e-05",
        "%g,100000,100000",
        "%g,1000000,1e+06",
        "%G,1e10,1E+10",
        "%#g,1,1.00000",
        "%.3g,1234.5,1.23e+03",
        "%a,1.0,0x1p+0",
        "%a,0.1,0x1.999999999999ap-4",
        "%.2a,3.14,0x1.92p+1",
        "%A,-0.5,-0X1P-1",
        "%a,4.9E-324,0x0.0000000000001p-1022",
        "%f,Infinity,inf",
        "%F,-Infinity,-INF",
        "%05f,NaN,'  nan'"
    })
    void realNumbersComeOutAsOfPrintf(String format, double argument, String expected) {
        assertThat(expand(format, argument)).isEqualTo(expected);
    }

    @Test
    void widthAndPrecisionMayBeArguments() {
        assertThat(expand("%*d|%-*d|%.*f|%*.*s|", 5L, 42L, -4L, 7L, 1L, 2.25, 6L, 2L, "abc"))
                .isEqualTo("   42|7   |2.2|    ab|");
        assertThat(expand("%*d|", 0xffff_fffcL, 7L))
                .as("an int of -4, as 32 bits")
                .isEqualTo("7   |");
    }

    @Test
    void whatIsNoConversionAndWhatHasNoArgumentIsShownAsItIsWritten() {
        assertThat(expand("%d of %d", 1L)).isEqualTo("1 of %d");
        assertThat(expand("%s is %s", 1L, "here")).isEqualTo("%s is here");
        assertThat(expand("%*d")).isEqualTo("%*d");
        assertThat(expand("50%; %k %", 1L)).isEqualTo("50%; %k %");
        assertThat(expand("% d 100%", 1L)).isEqualTo(" 1 100%");
        assertThat(expand("%lZ %y", 1L)).isEqualTo("%lZ %y");
    }

    @Test
    void aFieldOfMillionsIsNotBelieved() {
        assertThat(expand("%99999999999d|%.99999d|", 1L, 2L)).hasSize(2 * 1024 + 2);
        assertThat(expand("%1024d".repeat(1000), 1L)).hasSizeLessThanOrEqualTo(16 << 10);
    }

    @Property
    void integersAreJavasToo(@ForAll int value, @ForAll @IntRange(min = 1, max = 40) int width) {
        for (var format :
                List.of("%" + width + "d", "%-" + width + "d", "%+" + width + "d", "%0" + width + "d", "%x")) {
            assertThat(expand(format, (long) value)).isEqualTo(String.format(Locale.ROOT, format, value));
        }
    }

    @Property
    void anyFormatStringWithAnyArgumentsGivesText(@ForAll String format, @ForAll List<Long> arguments) {
        assertThat(expand(format, arguments.toArray())).isNotNull();
    }

    @Property
    void anyConversionWithAnyNumberGivesText(
            @ForAll double value, @ForAll @IntRange(min = 0, max = 60) int precision, @ForAll boolean alternate) {
        for (char letter : "aAeEfFgG".toCharArray()) {
            assertThat(expand("%" + (alternate ? "#" : "") + "." + precision + letter, value))
                    .isNotEmpty();
        }
    }

    private static String expand(String format, Object... arguments) {
        return FormatExpander.expand(format, new Given(new ArrayDeque<>(Arrays.asList(arguments))));
    }

    private record Given(Deque<Object> left) implements FormatArguments {
        @Override
        public int wordBytes() {
            return 4;
        }

        @Override
        public OptionalLong integer(Length length) {
            return left.poll() instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
        }

        @Override
        public OptionalDouble real(Length length) {
            return left.poll() instanceof Double value ? OptionalDouble.of(value) : OptionalDouble.empty();
        }

        @Override
        public Optional<String> text() {
            return left.poll() instanceof String value ? Optional.of(value) : Optional.empty();
        }
    }
}
