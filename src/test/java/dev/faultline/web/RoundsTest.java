package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.web.StackView.Stretch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void theRoundsOfARecursionAreFoldedAndTheFirstOneIsShown() {
        var frames = new ArrayList<FrameReport>();
        frames.add(frame("leaf", 1));
        for (int round = 0; round < 5; round++) {
            frames.add(frame("descend", 10));
            frames.add(frame("visit", 20));
        }
        frames.add(frame("main", 30));

        var stretches = view(frames);

        assertThat(stretches)
                .extracting(Stretch::rounds)
                .containsExactly(null, "4 more rounds of descend ← visit", null);
        assertThat(names(stretches.get(0))).containsExactly("leaf", "descend", "visit");
        assertThat(stretches.get(1).frames()).hasSize(8);
        assertThat(names(stretches.get(2))).containsExactly("main");
        assertThat(stretches.stream().flatMap(stretch -> stretch.frames().stream()))
                .extracting(StackView.FrameView::index)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void aRoundThatDiffersInItsLineIsShown() {
        var frames = new ArrayList<FrameReport>();
        frames.add(frame("leaf", 1));
        for (int round = 0; round < 5; round++) {
            frames.add(frame("descend", round == 3 ? 11 : 10));
        }

        assertThat(view(frames)).hasSize(1);
    }

    @Test
    void threeRoundsAreNotWorthFolding() {
        assertThat(view(List.of(frame("leaf", 1), frame("f", 2), frame("f", 2), frame("f", 2))))
                .hasSize(1);
    }

    @Test
    void theInnermostFrameOfACrashIsNeverAPartOfARound() {
        var frames = new ArrayList<FrameReport>();
        for (int round = 0; round < 6; round++) {
            frames.add(frame("f", 2));
        }

        assertThat(names(view(frames).getFirst())).containsExactly("f", "f");
        assertThat(view(frames).get(1).rounds()).isEqualTo("4 more rounds of f");
    }

    private static List<Stretch> view(List<FrameReport> frames) {
        return StackView.of(new ThreadReport(1, "main", "running", true, frames, ""))
                .stretches();
    }

    private static List<String> names(Stretch stretch) {
        return stretch.frames().stream().map(StackView.FrameView::function).toList();
    }

    private static FrameReport frame(String function, int line) {
        return new FrameReport(function, null, "/build/a.c", line, 1, "0x00001000", false, "cfi", "main-fw", "0x1000");
    }
}
