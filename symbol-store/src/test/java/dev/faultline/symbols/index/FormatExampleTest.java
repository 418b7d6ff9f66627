package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on the package's page is what the builder writes. */
class FormatExampleTest {
    private static final Path PAGE = Path.of("src/main/java/dev/faultline/symbols/index/package-info.java");
    private static final long FEED = 0x0800_0028;

    /** Bytes at the start of a line, and two blanks before what they mean. */
    private static final Pattern BYTES = Pattern.compile("^ \\* ((?:[0-9a-f]{2} )+) +\\S.*$");

    private static Path indexFile;

    @BeforeAll
    static void buildIndex(@TempDir Path directory) {
        try (var index = Fixtures.index(Fixtures.elf("code-at-flash-dwarf4"), directory)) {
            assertThat(index.buildId()).isNotNull();
        }
        indexFile = directory.resolve("code-at-flash-dwarf4.elf.idx");
    }

    @Test
    void theExampleOfAFunctionIsThatOfTheFixture() throws IOException {
        try (var file = IndexFile.open(indexFile)) {
            var starts = new WordArray(file.part(Part.FUNCTION_STARTS), Integer.BYTES, 0, Integer.BYTES);
            var places = new WordArray(file.part(Part.FUNCTION_PLACES), Integer.BYTES, 0, Integer.BYTES);
            int feed = starts.lastAtOrBelow(FEED, 0);
            assertThat(starts.address(feed, 0)).isEqualTo(FEED);

            assertThat(example("Its payload begins"))
                    .isEqualTo(bytes(file.part(Part.PAYLOAD), places.u32(feed, 0), example("Its payload begins")));
        }
    }

    @Test
    void theExampleOfUnwindRowsIsThatOfTheFixture() throws IOException {
        try (var file = IndexFile.open(indexFile)) {
            MemorySegment rules = file.part(Part.RULES);
            int count = rules.get(ValueLayout.JAVA_INT_UNALIGNED, 0);

            assertThat(example("Its unwind rows begin"))
                    .isEqualTo(bytes(file.part(Part.ROWS), 0, example("Its unwind rows begin")));
            assertThat(example("and rule 1 is"))
                    .isEqualTo(bytes(rules, Integer.BYTES * (1L + count), example("and rule 1 is")));
        }
    }

    @Test
    void theAnswerOfTheExampleIsTheIndexes() {
        try (var index = SymbolIndex.open(indexFile)) {
            assertThat(index.lookup(FEED + 6))
                    .extracting(SourceFrame::function, SourceFrame::line)
                    .containsExactly(tuple("push", 25), tuple("feed", 69));
        }
    }

    @Test
    void aDumpShowsTheBytesThatThePageExplains() {
        var dump = new StringWriter();
        try (var index = SymbolIndex.open(indexFile)) {
            index.dump(new PrintWriter(dump, true), List.of(FEED, 0x10L));
        }

        assertThat(dump.toString())
                .startsWith("symbol index, format 3")
                .contains("feed 0x8000028 to 0x8000064")
                .contains("push of /fixture/sources/ring.c, called at 69:16  [00 20 02 00 45 10]")
                .contains("+0x6 call 1 /fixture/sources/ring.c:25:21  [b1 01 57 15]")
                .contains("0x10 is in no function")
                .doesNotContain("program 0x");
    }

    /** The bytes of the first block behind some words of the page. */
    private static List<String> example(String behind) throws IOException {
        var bytes = new ArrayList<String>();
        boolean reached = false;
        for (String line : Files.readAllLines(PAGE)) {
            reached |= line.contains(behind);
            if (reached && line.equals(" * </pre>")) {
                break;
            }
            var matcher = BYTES.matcher(line);
            if (reached && matcher.matches()) {
                bytes.addAll(List.of(matcher.group(1).strip().split(" ")));
            }
        }
        assertThat(bytes).as("bytes behind \"%s\"", behind).isNotEmpty();
        return bytes;
    }

    private static List<String> bytes(MemorySegment part, long from, List<String> asMany) {
        String hex = HexFormat.ofDelimiter(" ")
                .formatHex(part.asSlice(from, asMany.size()).toArray(ValueLayout.JAVA_BYTE));
        return List.of(hex.split(" "));
    }
}
