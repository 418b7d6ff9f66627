package dev.faultline.similarity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two stacks side by side: as many equal frames as can be beside each other, in their order. */
public final class Alignment {

    private Alignment() {}

    /** One line: a frame of one stack, of the other, or the same of both. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(@Nullable String here, @Nullable String there) {
        public boolean same() {
            return here != null && here.equals(there);
        }
    }

    /** Of names, the innermost first; at most {@value Weighing#MOST_FRAMES} of each are looked at. */
    static List<Line> of(List<String> here, List<String> there) {
        int rows = Math.min(Weighing.MOST_FRAMES, here.size());
        int columns = Math.min(Weighing.MOST_FRAMES, there.size());
        int[][] common = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                common[i][j] = here.get(i).equals(there.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Line> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (i < rows && j < columns && here.get(i).equals(there.get(j))) {
                lines.add(new Line(here.get(i++), there.get(j++)));
            } else if (j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line(here.get(i++), null));
            } else {
                lines.add(new Line(null, there.get(j++)));
            }
        }
        return lines;
    }
}
