package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.index.TextPool.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextPoolTest {

    @Test
    void aTextBeyondTheBasicPlaneStandsBehindAllOfIt() {
        assertThat(ranked(List.of("\ud83d\ude00", "\uffee", "main"))).containsExactly("main", "\uffee", "\ud83d\ude00");
    }

    @Property
    void ranksFollowTheBytesOfUtf8(@ForAll List<String> texts) {
        // a lone surrogate is no text: no file has its bytes
        var known = texts.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .distinct()
                .toList();

        assertThat(ranked(known))
                .isSortedAccordingTo((a, b) ->
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> ranked(List<String> texts) {
        var pool = new TextPool(Long.MAX_VALUE);
        texts.forEach(pool::number);
        return Arrays.stream(pool.rank()).map(Text::value).toList();
    }
}
