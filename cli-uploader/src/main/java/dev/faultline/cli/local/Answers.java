package dev.faultline.cli.local;

import dev.faultline.symbols.index.SourceFrame;
import java.io.IOException;
import java.util.List;

/** How answers to addresses are printed. */
sealed interface Answers permits JsonAnswers, TextAnswers {

    /** Prints one answer; frames innermost first, none where no function is. */
    void print(Address address, List<SourceFrame> frames) throws IOException;
}
