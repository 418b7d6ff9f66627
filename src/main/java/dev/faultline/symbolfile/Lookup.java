package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.symbols.index.SourceFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What addresses of one image mean, in the order they were asked. */
public record Lookup(List<Result> results) {

    public Lookup {
        results = List.copyOf(results);
    }

    /** One address as it was asked, and its frames, innermost first; none: no function is there. */
    public record Result(String address, List<Frame> frames) {

        public Result {
            frames = List.copyOf(frames);
        }
    }

    /**
     * One level of inlining.
     *
     * @param linkageName the linker's name where it differs
     * @param file absent without line information
     * @param line 1-based; 0: none
     * @param column 1-based; 0: none
     * @param inlined whether it was inlined into the next frame
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Frame(
            String function,
            @Nullable String linkageName,
            @Nullable String file,
            int line,
            int column,
            boolean inlined) {

        static Frame of(SourceFrame frame) {
            return new Frame(
                    frame.function(), frame.linkageName(), frame.file(), frame.line(), frame.column(), frame.inlined());
        }
    }
}
